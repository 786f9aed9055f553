import { formatQuantity, parseQuantity } from '../quantity.ts';
import { base64Error } from './base64-error.ts';
import type { Scalar } from './schema-type.ts';

export type ScalarReading =
  | { readonly kind: 'read'; readonly value: unknown }
  /** Another JSON type than the Go type takes. */
  | { readonly kind: 'mismatch'; readonly goType: string }
  /** The right JSON type, but its own decoder refuses the text. */
  | { readonly kind: 'malformed'; readonly message: string };

/** Reads a JSON value as Go's decoder for that scalar does. */
export function readScalar(scalar: Scalar, value: unknown): ScalarReading {
  switch (scalar) {
    case 'any':
    case 'schemaOrList':
    case 'schemaOrBoolean':
    case 'schemaOrStrings':
    case 'fieldsV1':
    case 'rawExtension':
      return read(value);
    case 'string':
      return typeof value === 'string' ? read(value) : mismatch('string');
    case 'boolean':
      return typeof value === 'boolean' ? read(value) : mismatch('bool');
    case 'double':
      return typeof value === 'number' ? read(value) : mismatch('float64');
    case 'int32':
      return isInteger(value, 2 ** 31) ? read(value) : mismatch('int32');
    case 'int64':
      return isInteger(value, 2 ** 63) ? read(value) : mismatch('int64');
    case 'intOrString':
      return typeof value === 'string' || isInteger(value, 2 ** 31) ? read(value) : mismatch('int32');
    case 'bytes':
      return readBytes(value);
    case 'time':
      return readTime(value, '2006-01-02T15:04:05Z07:00');
    case 'microTime':
      return readTime(value, '2006-01-02T15:04:05.000000Z07:00');
    case 'quantity':
      return readQuantity(value);
    case 'stringList':
      return readStringList(value);
  }
}

const read = (value: unknown): ScalarReading => ({ kind: 'read', value });
const mismatch = (goType: string): ScalarReading => ({ kind: 'mismatch', goType });
const malformed = (message: string): ScalarReading => ({ kind: 'malformed', message });

const isInteger = (value: unknown, bound: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= -bound && value < bound;

function readBytes(value: unknown): ScalarReading {
  if (typeof value !== 'string') return mismatch('[]uint8');
  const error = base64Error(value);
  return error === undefined ? read(value) : malformed(error);
}

const rfc3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d([.,]\d+)?(Z|[+-]([01]\d|2[0-4]):[0-5]\d)$/;

/** The empty string is no time in Go either. */
function readTime(value: unknown, layout: string): ScalarReading {
  if (typeof value !== 'string') return mismatch('string');
  if (rfc3339.test(value) && !Number.isNaN(Date.parse(value))) return read(value);
  return malformed(
    `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value)} as "2006"`,
  );
}

/** A number is a quantity too; all are kept in their canonical text (apimachinery pkg/api/resource/quantity.go UnmarshalJSON). */
function readQuantity(value: unknown): ScalarReading {
  const text = typeof value === 'number' ? String(value) : value;
  const quantity = typeof text === 'string' ? parseQuantity(text) : undefined;
  if (quantity !== undefined) return read(formatQuantity(quantity));
  const looksRight = typeof text === 'string' && /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/.test(text);
  return malformed(
    looksRight
      ? "unable to parse quantity's suffix"
      : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function readStringList(value: unknown): ScalarReading {
  if (!Array.isArray(value)) return mismatch('v1.ExtraValue');
  return value.every((element) => typeof element === 'string') ? read(value) : mismatch('string');
}
