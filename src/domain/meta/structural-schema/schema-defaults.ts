import { sameJson } from '../deep-equal.ts';
import { invalidValue, type FieldError } from '../field-error.ts';
import type { JsonSchema } from './json-schema.ts';
import { pruneFields, pruneValue } from './prune-fields.ts';
import { validateValue } from './validate-value.ts';

/** Defaults are valid themselves and name nothing unknown (apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go). */
export function validateDefaults(schema: JsonSchema, field: string): FieldError[] {
  return [
    ...(schema.default === undefined ? [] : validateDefault(schema, schema.default, `${field}.default`)),
    ...(schema.items === undefined ? [] : validateDefaults(schema.items, `${field}.items`)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateDefaults(property, `${field}.properties[${name}]`),
    ),
  ];
}

function validateDefault(schema: JsonSchema, value: unknown, field: string): readonly FieldError[] {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const pruned = isResource ? pruneFields(value, schema).value : pruneValue(value, schema);
  return sameJson(pruned, value)
    ? validateValue(value, schema, { field })
    : [invalidValue(field, value, 'must not have unknown fields')];
}
