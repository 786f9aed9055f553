import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../field-error.ts';
import { propertySchema, type JsonSchema } from './json-schema.ts';

const listTypes: readonly string[] = ['atomic', 'set', 'map'];

/** What a list must look like to be a set or a map (apiextensions validation.go, the parts about x-kubernetes-list-type). */
export function validateListTypeRules(schema: JsonSchema, field: string): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const typeField = `${field}.x-kubernetes-list-type`;
  const keysText = 'must be map if x-kubernetes-list-map-keys is non-empty';
  if (listType === undefined) return keys.length === 0 ? [] : [required(typeField, keysText)];
  return [
    ...validateIsList(schema, field),
    ...(listType === 'set' ? validateSet(schema, field) : []),
    ...(listTypes.includes(listType) ? [] : [notSupported(typeField, listType, listTypes)]),
    ...(keys.length > 0 && listType !== 'map' ? [invalidValue(typeField, listType, keysText)] : []),
    ...(listType === 'map' ? validateMap(schema, keys, field) : []),
    ...(listType !== 'atomic' && schema.items?.nullable === true
      ? [forbiddenField(`${field}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`)]
      : []),
  ];
}

function validateIsList({ type = '' }: JsonSchema, field: string): FieldError[] {
  const text = 'must be array if x-kubernetes-list-type is specified';
  if (type === 'array') return [];
  return [type === '' ? required(`${field}.type`, text) : invalidValue(`${field}.type`, type, text)];
}

/** Its elements are compared as wholes, so nothing inside them may be merged. */
function validateSet({ items }: JsonSchema, field: string): FieldError[] {
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  const inner = items?.['x-kubernetes-list-type'];
  const innerMap = items?.['x-kubernetes-map-type'];
  if (items?.type === 'array' && (inner ?? 'atomic') !== 'atomic')
    return [invalidValue(`${field}.items.x-kubernetes-list-type`, inner, text)];
  return items?.type === 'object' && innerMap !== 'atomic'
    ? [invalidValue(`${field}.items.x-kubernetes-map-type`, innerMap, text)]
    : [];
}

function validateMap({ items }: JsonSchema, keys: readonly string[], field: string): FieldError[] {
  const keysField = `${field}.x-kubernetes-list-map-keys`;
  const unknown = keys.filter((key) => items === undefined || propertySchema(items, key) === undefined);
  return [
    ...(keys.length === 0 ? [required(keysField, 'must not be empty if x-kubernetes-list-type is map')] : []),
    ...(items === undefined
      ? [required(`${field}.items`, 'must have a schema if x-kubernetes-list-type is map')]
      : items.type === 'object'
        ? []
        : [
            invalidValue(
              `${field}.items.type`,
              items.type ?? '',
              "must be object if parent array's x-kubernetes-list-type is map",
            ),
          ]),
    ...(items?.type === 'object' && unknown.length > 0
      ? [invalidValue(keysField, keys, 'entries must all be names of item properties')]
      : []),
    ...(new Set(keys).size < keys.length ? [invalidValue(keysField, keys, 'must not contain duplicate entries')] : []),
    ...keys.flatMap((key) => (items === undefined ? [] : validateKey(items, key, `${field}.items`))),
  ];
}

function validateKey(items: JsonSchema, name: string, field: string): FieldError[] {
  const key = propertySchema(items, name);
  if (key === undefined) return [];
  const keyField = `${field}.properties[${name}]`;
  const because = 'this property is in x-kubernetes-list-map-keys, so it';
  return [
    ...(key.type === 'array' || key.type === 'object'
      ? [
          invalidValue(
            `${keyField}.type`,
            key.type,
            "must be a scalar type if parent array's x-kubernetes-list-type is map",
          ),
        ]
      : []),
    ...(key.default === undefined && !(items.required ?? []).includes(name)
      ? [required(`${keyField}.default`, `${because} must have a default or be a required property`)]
      : []),
    ...(key.nullable === true ? [forbiddenField(`${keyField}.nullable`, `${because} cannot be nullable`)] : []),
  ];
}
