import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { parseMilli } from '../meta/quantity.ts';
import type { Container } from '../meta/types.ts';
import { named } from './value-rules.ts';

type Amounts = Readonly<Record<string, string>>;

const standard = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** Names of what a container can ask for (validateContainerResourceName). */
export const validateContainerResource = (name: string, field: string): FieldError[] =>
  standard.test(name) || name.includes('/')
    ? named(field, name, qualifiedName)
    : [invalidValue(field, name, 'must be a standard resource for containers')];

/** Devices come whole. */
const validateAmount = (name: string, amount: string, field: string): FieldError[] => {
  const milli = parseMilli(amount);
  if (milli === undefined) return [invalidValue(field, amount, 'must be a valid resource quantity')];
  if (milli < 0n) return [invalidValue(field, amount, 'must be greater than or equal to 0')];
  return standard.test(name) || milli % 1000n === 0n ? [] : [invalidValue(field, amount, 'must be an integer')];
};

export const validateAmounts = (amounts: Amounts, field: string): FieldError[] =>
  Object.entries(amounts).flatMap(([name, amount]) => [
    ...validateContainerResource(name, `${field}[${name}]`),
    ...validateAmount(name, amount, `${field}[${name}]`),
  ]);

const exceeds = (request: string, limit: string): boolean => (parseMilli(request) ?? 0n) > (parseMilli(limit) ?? 0n);

/** kubernetes pkg/apis/core/validation/validation.go ValidateContainerResourceRequirements */
export function validateResourceRequirements({ resources }: Container, field: string): FieldError[] {
  const { limits = {}, requests = {} } = resources ?? {};
  const tooMuch = Object.entries(requests).flatMap(([name, request]) => {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    return limit !== undefined && exceeds(request, limit)
      ? [invalidValue(`${field}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)]
      : [];
  });
  return [...validateAmounts(limits, `${field}.limits`), ...validateAmounts(requests, `${field}.requests`), ...tooMuch];
}
