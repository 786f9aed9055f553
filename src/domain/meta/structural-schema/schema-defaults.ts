import { sameJson } from '../deep-equal.ts';
import { invalidValue, type FieldError } from '../field-error.ts';
import type { JsonSchema } from './json-schema.ts';
import { pruneFields, pruneValue } from './prune-fields.ts';
import { validateRules } from './validate-rules.ts';
import { validateValue } from './validate-value.ts';

/** Defaults are valid themselves and name nothing unknown (apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go). */
export function validateDefaults(schema: JsonSchema, field: string, byRules: boolean): FieldError[] {
  return [
    ...(schema.default === undefined ? [] : validateDefault(schema, schema.default, `${field}.default`, byRules)),
    ...(schema.items === undefined ? [] : validateDefaults(schema.items, `${field}.items`, byRules)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateDefaults(property, `${field}.properties[${name}]`, byRules),
    ),
  ];
}

function validateDefault(schema: JsonSchema, value: unknown, field: string, byRules: boolean): readonly FieldError[] {
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const pruned = isResource ? pruneFields(value, schema).value : pruneValue(value, schema);
  if (!sameJson(pruned, value)) return [invalidValue(field, value, 'must not have unknown fields')];
  const errors = validateValue(value, schema, { field });
  return errors.length > 0 || !byRules ? errors : validateRules(value, schema, { field });
}
