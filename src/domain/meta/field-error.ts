import { StatusError } from './status-error.ts';

/** One thing wrong with one field (apimachinery pkg/util/validation/field/errors.go). */
export type FieldError = { reason: string; field: string; message: string };

const error =
  (reason: string) =>
  (field: string, message: string): FieldError => ({ reason, field, message });

const quoted = (value: unknown): string => (value === undefined ? 'null' : JSON.stringify(value));
const detailed = (head: string, detail: string): string => (detail === '' ? head : `${head}: ${detail}`);

export const required = (field: string, detail = ''): FieldError =>
  error('FieldValueRequired')(field, detailed('Required value', detail));

export const invalidValue = (field: string, value: unknown, detail: string): FieldError =>
  error('FieldValueInvalid')(field, `Invalid value: ${quoted(value)}: ${detail}`);

/** Of another JSON type than the field has. */
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError =>
  error('FieldValueTypeInvalid')(field, `Invalid value: ${quoted(value)}: ${detail}`);

export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  error('FieldValueNotSupported')(
    field,
    `Unsupported value: ${quoted(value)}: supported values: ${supported.map((s) => `"${s}"`).join(', ')}`,
  );

export const forbiddenField = (field: string, detail: string): FieldError =>
  error('FieldValueForbidden')(field, `Forbidden: ${detail}`);

export const duplicate = (field: string, value: unknown): FieldError =>
  error('FieldValueDuplicate')(field, `Duplicate value: ${quoted(value)}`);

export const fieldNotFound = (field: string, value: unknown): FieldError =>
  error('FieldValueNotFound')(field, `Not found: ${quoted(value)}`);

export const tooLong = (field: string, maxBytes: number): FieldError =>
  error('FieldValueTooLong')(field, `Too long: may not be more than ${maxBytes} bytes`);

export const tooMany = (field: string, count: number, most: number): FieldError =>
  error('FieldValueTooMany')(field, `Too many: ${count}: must have at most ${most} items`);

/** More than anybody reads; a hostile object has a hundred thousand. */
const mostErrors = 100;

/** The 422 for an object (apimachinery pkg/api/errors NewInvalid): details carry the Kind, not the resource. */
export function invalid(group: string, kind: string, name: string, all: readonly FieldError[]): StatusError {
  const errors = all.slice(0, mostErrors);
  const texts = errors.map((e) => (e.field === '' ? e.message : `${e.field}: ${e.message}`));
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind,
    causes: errors.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}
