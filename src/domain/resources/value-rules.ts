import { isIP } from 'node:net';
import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { portName, type NameRule } from '../meta/names.ts';

// What a single value may be, in the words of apimachinery pkg/util/validation and pkg/api/validation. An absent value breaks no rule.

type Absent = undefined | null;

export const nonNegative = (field: string, value: number | Absent): FieldError[] =>
  (value ?? 0) < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];

export const positive = (field: string, value: number | Absent): FieldError[] =>
  (value ?? 1) <= 0 ? [invalidValue(field, value, 'must be greater than 0')] : [];

export const between = (field: string, value: number | Absent, least: number, most: number): FieldError[] =>
  value !== undefined && value !== null && (value < least || value > most)
    ? [invalidValue(field, value, `must be between ${least} and ${most}, inclusive`)]
    : [];

export const portNumber = (field: string, value: number | Absent): FieldError[] => between(field, value, 1, 65_535);

export const portNumberOrName = (field: string, value: number | string | Absent): FieldError[] =>
  typeof value === 'string' ? named(field, value, portName) : portNumber(field, value ?? 0);

export const oneOf = (field: string, value: string | Absent, supported: readonly string[]): FieldError[] =>
  value === undefined || value === null || supported.includes(value) ? [] : [notSupported(field, value, supported)];

/** Go cannot tell an empty text from an absent one, so neither is enough. */
export const given = (field: string, value: unknown, detail = ''): FieldError[] =>
  value === undefined || value === null || value === '' ? [required(field, detail)] : [];

export const named = (field: string, value: string, rule: NameRule): FieldError[] =>
  rule(value).map((text) => invalidValue(field, value, text));

export const givenName = (field: string, value: string | Absent, rule: NameRule): FieldError[] =>
  value ? named(field, value, rule) : [required(field)];

export const ipAddress = (field: string, value: string | Absent): FieldError[] =>
  isIP(value ?? '') === 0
    ? [invalidValue(field, value ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]
    : [];

/** `elements` of a list, each with its field path. */
export const eachOf = <T>(
  field: string,
  elements: readonly T[] | undefined,
  check: (element: T, field: string, index: number) => readonly FieldError[],
): FieldError[] => (elements ?? []).flatMap((element, index) => check(element, `${field}[${index}]`, index));
