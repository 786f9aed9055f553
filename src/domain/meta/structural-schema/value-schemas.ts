import { forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts';
import { patternError } from '../regular-expression/pattern.ts';
import { propertySchema, type JsonSchema } from './json-schema.ts';

/**
 * The schemas inside of allOf, anyOf, oneOf and not, which only say which values are valid. `skipsAnyOf`: it says int-or-string in the way
 * that tools have always written it; `skipsFirstAllOf`: the first allOf does.
 */
export function validateValueSchemas(
  schema: JsonSchema,
  field: string,
  skipsAnyOf: boolean,
  skipsFirstAllOf: boolean,
): FieldError[] {
  const error = schema.pattern === undefined ? undefined : patternError(schema.pattern);
  return [
    ...(skipsAnyOf
      ? []
      : (schema.anyOf ?? []).flatMap((one, index) => validateJunctor(one, `${field}.anyOf[${index}]`))),
    ...(schema.allOf ?? []).flatMap((one, index) =>
      validateJunctor(one, `${field}.allOf[${index}]`, index === 0 && skipsFirstAllOf),
    ),
    ...(schema.oneOf ?? []).flatMap((one, index) => validateJunctor(one, `${field}.oneOf[${index}]`)),
    ...(schema.not === undefined ? [] : validateJunctor(schema.not, `${field}.not`)),
    ...(error === undefined
      ? []
      : [invalidValue(`${field}.pattern`, schema.pattern, `must be a valid regular expression, but isn't: ${error}`)]),
  ];
}

/** What must be said outside, and how Kubernetes says so. */
const outsideOnly: readonly (readonly [name: keyof JsonSchema | 'externalDocs', text: string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['externalDocs', 'must be undefined to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

function validateJunctor(schema: JsonSchema, field: string, skipsAnyOf = false): FieldError[] {
  const said = outsideOnly.filter(([name]) => {
    const value = (schema as Readonly<Record<string, unknown>>)[name];
    return value !== undefined && value !== '' && value !== false;
  });
  return [
    ...validateValueSchemas(schema, field, skipsAnyOf, false),
    ...(schema.items === undefined ? [] : validateJunctor(schema.items, `${field}.items`)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateJunctor(property, `${field}.properties[${name}]`),
    ),
    ...said.map(([name, text]) => forbiddenField(`${field}.${name}`, text)),
    ...(propertySchema(schema, 'metadata') === undefined
      ? []
      : [forbiddenField(`${field}.properties[metadata]`, 'must not be specified in a nested context')]),
  ];
}

/** Every field that a junctor speaks of is also specified outside (pkg/apiserver/schema/complete.go). */
export function validateCompleteness(
  values: JsonSchema,
  schema: JsonSchema,
  field: string,
  valuesField: string,
): FieldError[] {
  const junctors: readonly (readonly [string, JsonSchema])[] = [
    ...(values.not === undefined ? [] : [['not', values.not] as const]),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
      (values[name] ?? []).map((one, index) => [`${name}[${index}]`, one] as const),
    ),
  ];
  return junctors.flatMap(([name, one]) => validateSpecified(one, schema, field, `${valuesField}.${name}`));
}

function validateSpecified(values: JsonSchema, schema: JsonSchema, field: string, valuesField: string): FieldError[] {
  const because = (where: string, why: string) => [required(where, `because it is defined in ${why}`)];
  const items = [`${field}.items`, `${valuesField}.items`] as const;
  return [
    ...validateCompleteness(values, schema, field, valuesField),
    ...(values.items === undefined
      ? []
      : schema.items === undefined
        ? because(...items)
        : validateSpecified(values.items, schema.items, ...items)),
    ...Object.entries(values.properties ?? {}).flatMap(([name, property]) => {
      const places = [`${field}.properties[${name}]`, `${valuesField}.properties[${name}]`] as const;
      const specified = propertySchema(schema, name);
      return specified === undefined ? because(...places) : validateSpecified(property, specified, ...places);
    }),
  ];
}
