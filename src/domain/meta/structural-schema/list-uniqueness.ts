import { duplicate, invalidValue, type FieldError } from '../field-error.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { joined } from './schema-error.ts';

/** Elements of sets, and keys of maps, occur once (apiextensions-apiserver pkg/apiserver/schema/listtype). */
export function validateListTypes(value: unknown, schema: JsonSchema | undefined, field = ''): FieldError[] {
  if (schema === undefined) return [];
  if (Array.isArray(value)) return validateList(value, schema, field);
  return isObject(value) ? validateObject(value, schema, field) : [];
}

function validateObject(object: JsonObject, schema: JsonSchema, field: string): FieldError[] {
  const additional = additionalSchema(schema);
  return Object.entries(object).flatMap(([name, value]) => {
    const property = propertySchema(schema, name);
    if (property !== undefined) return validateListTypes(value, property, joined(field, name));
    return validateListTypes(value, additional, `${field}[${name}]`);
  });
}

function validateList(list: readonly unknown[], schema: JsonSchema, field: string): FieldError[] {
  return [
    ...(schema['x-kubernetes-list-type'] === 'set' ? repeated(list, field, (element) => element) : []),
    ...(schema['x-kubernetes-list-type'] === 'map' ? validateMap(list, schema, field) : []),
    ...list.flatMap((element, index) => validateListTypes(element, schema.items, `${field}[${index}]`)),
  ];
}

function validateMap(list: readonly unknown[], schema: JsonSchema, field: string): FieldError[] {
  const stray = list.findIndex((element) => element !== null && !isObject(element));
  if (stray >= 0)
    return [invalidValue(`${field}[${stray}]`, list[stray], 'must be an object for an array of list-type map')];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return repeated(list, field, (element) =>
    Object.fromEntries(
      keys.flatMap((key) => (isObject(element) && Object.hasOwn(element, key) ? [[key, element[key]]] : [])),
    ),
  );
}

/** One error for each value that occurs more than once, at its second place. */
function repeated(list: readonly unknown[], field: string, keyOf: (element: unknown) => unknown): FieldError[] {
  const seen = new Map<string, number>();
  return list.flatMap((element, index) => {
    const key = keyOf(element);
    const text = canonical(key);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [duplicate(`${field}[${index}]`, key)] : [];
  });
}

/** The order of an object's fields says nothing. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
