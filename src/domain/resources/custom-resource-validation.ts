import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dns1035Label } from '../meta/names.ts';
import { validateListTypes } from '../meta/structural-schema/list-uniqueness.ts';
import { additionalSchema, propertySchema, type JsonSchema } from '../meta/structural-schema/json-schema.ts';
import { isObject } from '../meta/structural-schema/json-value.ts';
import { hasRules, validateRules } from '../meta/structural-schema/validate-rules.ts';
import { validateValue } from '../meta/structural-schema/validate-value.ts';
import { valueAt } from './field-names.ts';
import type { ScalePaths } from './resource-definition.ts';

type Rules = { readonly schema: JsonSchema; readonly scalePaths: ScalePaths | undefined };

/** apiextensions-apiserver pkg/registry/customresource/strategy.go Validate and ValidateUpdate */
export const validateCustomResource = ({ schema, scalePaths }: Rules, object: object, current?: object): FieldError[] =>
  withRules(
    schema,
    [
      ...validateValue(object, schema, { old: current }),
      ...(scalePaths === undefined
        ? []
        : [...validateCount(object, scalePaths.specReplicas), ...validateScaleStatus(object, scalePaths)]),
      ...validateEmbedded(object, schema, ''),
      // What was twice there before may stay so.
      ...(current !== undefined && validateListTypes(current, schema).length > 0
        ? []
        : validateListTypes(object, schema)),
    ],
    () => validateRules(object, schema, { old: current, isRoot: true }),
  );

/** Errors that say that rules would be asked about something else than they were written for. */
const blocking = new Set(['FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid']);

function withRules(schema: JsonSchema, errors: FieldError[], rules: () => FieldError[]): FieldError[] {
  if (!hasRules(schema)) return errors;
  if (!errors.some(({ reason }) => blocking.has(reason))) return [...errors, ...rules()];
  return [
    ...errors,
    invalidValue(
      '<nil>',
      undefined,
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ),
  ];
}

/** status_strategy.go ValidateUpdate: a write to the status is held to the schema of the status. */
export function validateCustomResourceStatus(
  { schema, scalePaths }: Rules,
  object: object,
  current: object,
): FieldError[] {
  const statusSchema = propertySchema(schema, 'status');
  const status = valueAt(object, ['status']);
  return withRules(
    schema,
    [
      ...(statusSchema === undefined || status === undefined
        ? []
        : [
            ...validateValue(status, statusSchema, { field: 'status', old: valueAt(current, ['status']) }),
            ...validateListTypes(status, statusSchema, 'status'),
          ]),
      ...(scalePaths === undefined ? [] : validateScaleStatus(object, scalePaths)),
    ],
    () => validateRules(object, schema, { old: current, isRoot: true }),
  );
}

const validateScaleStatus = (object: object, { statusReplicas, labelSelector }: ScalePaths): FieldError[] => [
  ...validateCount(object, statusReplicas),
  ...(labelSelector === undefined || ['string', 'undefined'].includes(typeof valueAt(object, labelSelector))
    ? []
    : [invalidValue(pathOf(labelSelector), '', `${pathOf(labelSelector)} accessor error: expected string`)]),
];

const pathOf = (names: readonly string[]): string => `.${names.join('.')}`;
const maxInt32 = 2 ** 31 - 1;

/** validator.go ValidateScaleSpec */
function validateCount(object: object, names: readonly string[]): FieldError[] {
  const count = valueAt(object, names);
  const field = pathOf(names);
  if (count === undefined) return [];
  if (typeof count !== 'number' || !Number.isInteger(count))
    return [invalidValue(field, 0, `${field} accessor error: expected int64`)];
  if (count < 0) return [invalidValue(field, count, 'should be a non-negative integer')];
  return count > maxInt32 ? [invalidValue(field, count, `should be less than or equal to ${maxInt32}`)] : [];
}

/** Resources inside the object say what they are (pkg/apiserver/schema/objectmeta/validation.go). */
function validateEmbedded(value: unknown, schema: JsonSchema | undefined, field: string): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((element, index) => validateEmbedded(element, schema.items, `${field}[${index}]`));
  if (!isObject(value)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    validateEmbedded(
      member,
      propertySchema(schema, name) ?? additionalSchema(schema),
      field === '' ? name : `${field}.${name}`,
    ),
  );
  if (schema['x-kubernetes-embedded-resource'] !== true) return inner;
  return [...validateTypeName(value, 'apiVersion', field), ...validateTypeName(value, 'kind', field), ...inner];
}

function validateTypeName(
  resource: Readonly<Record<string, unknown>>,
  name: 'apiVersion' | 'kind',
  parent: string,
): FieldError[] {
  const field = `${parent}.${name}`;
  const value = Object.hasOwn(resource, name) ? resource[name] : undefined;
  if (value === undefined) return [required(field, 'must not be empty')];
  if (typeof value !== 'string') return [invalidValue(field, value, 'must be a string')];
  if (value === '') return [invalidValue(field, value, 'must not be empty')];
  if (name === 'apiVersion')
    return value.split('/').length > 2 ? [invalidValue(field, value, `unexpected GroupVersion string: ${value}`)] : [];
  const texts = dns1035Label(value.toLowerCase());
  return texts.length === 0
    ? []
    : [invalidValue(field, value, `may have mixed case, but should otherwise match: ${texts.join(',')}`)];
}
