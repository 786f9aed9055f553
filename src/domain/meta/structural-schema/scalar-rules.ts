import type { FieldError } from '../field-error.ts';
import { matchesPattern } from '../regular-expression/pattern.ts';
import type { JsonSchema } from './json-schema.ts';
import type { SchemaErrors } from './schema-error.ts';
import { hasFormat } from './string-format.ts';

type Rule<T> = (value: T, schema: JsonSchema, errors: SchemaErrors) => FieldError[];

/** kube-openapi pkg/validation/validate/validator.go stringValidator, formatValidator */
export const checkString: Rule<string> = (value, { minLength, maxLength, pattern, format = '' }, errors) => [
  ...(maxLength !== undefined && lengthOf(value) > maxLength ? [errors.tooLong(maxLength)] : []),
  ...(minLength !== undefined && lengthOf(value) < minLength
    ? [errors.should(value, `be at least ${minLength} chars long`)]
    : []),
  ...(pattern === undefined ? [] : checkPattern(value, pattern, errors)),
  ...(hasFormat(value, format) ? [] : [errors.wrongType(format, value)]),
];

function checkPattern(value: string, pattern: string, errors: SchemaErrors): FieldError[] {
  switch (matchesPattern(pattern, value)) {
    case true:
      return [];
    case false:
      return [errors.should(value, `match '${pattern}'`)];
    case undefined:
      return [errors.should(value.slice(0, 100), `be shorter to be compared with '${pattern}'`)];
  }
}

/** In characters, as Go counts runes; half of a surrogate pair is none. */
function lengthOf(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) pairs++;
  }
  return text.length - pairs;
}

/** numberValidator */
export const checkNumber: Rule<number> = (value, schema, errors) => {
  const { minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false, multipleOf } = schema;
  const isMultiple = multipleOf === undefined || isWhole(value / multipleOf);
  const isBelow = maximum === undefined || (exclusiveMaximum ? value < maximum : value <= maximum);
  const isAbove = minimum === undefined || (exclusiveMinimum ? value > minimum : value >= minimum);
  return [
    ...(isMultiple ? [] : [errors.should(value, `be a multiple of ${multipleOf}`)]),
    ...(isBelow ? [] : [errors.should(value, `be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)]),
    ...(isAbove ? [] : [errors.should(value, `be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)]),
  ];
};

/** 0.3 / 0.1 is not quite 3 (go-openapi swag IsFloat64AJSONInteger). */
const isWhole = (number: number): boolean =>
  Math.abs(number - Math.round(number)) <= 1e-9 * Math.max(1, Math.abs(number));
