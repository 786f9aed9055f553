import { fieldSchema, type JsonSchema } from './json-schema.ts';
import { isObject, mapElements, type JsonObject } from './json-value.ts';

/**
 * The value with the defaults of its schema, and without nulls that the schema does not allow; shares whatever needs no change, and shares
 * the defaults with the schema (apiextensions-apiserver pkg/apiserver/schema/defaulting).
 */
export function fillDefaults(value: unknown, schema: JsonSchema | undefined): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : mapElements(value, (element) => filled(element, items));
  }
  return isObject(value) ? fillObject(value, schema) : value;
}

const filled = (value: unknown, schema: JsonSchema): unknown =>
  fillDefaults(value === null && schema.nullable !== true ? (schema.default ?? null) : value, schema);

function fillObject(object: JsonObject, schema: JsonSchema): JsonObject {
  let isChanged = false;
  const fields = Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
    const field = fieldSchema(schema, name);
    if (field === undefined) return [[name, value]];
    const isAbsent = value === null && field.nullable !== true && field.default === undefined;
    const next = isAbsent ? undefined : filled(value, field);
    isChanged ||= next !== value;
    return isAbsent ? [] : [[name, next]];
  });
  const missing = Object.entries(schema.properties ?? {}).filter(
    ([name, property]) => property.default !== undefined && !Object.hasOwn(object, name),
  );
  if (!isChanged && missing.length === 0) return object;
  return Object.fromEntries([
    ...fields,
    ...missing.map(([name, property]): [string, unknown] => [name, fillDefaults(property.default, property)]),
  ]);
}
