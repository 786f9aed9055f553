import { sameJson } from '../deep-equal.ts';
import { forbiddenField, invalidValue, required, type FieldError } from '../field-error.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { validateCompleteness, validateValueSchemas } from './value-schemas.ts';

type Level = 'root' | 'items' | 'field';

/**
 * Whether a schema is structural: what an object looks like is said outside of allOf, anyOf, oneOf and not, so that it can be pruned and
 * given defaults (apiextensions-apiserver pkg/apiserver/schema/validation.go). `field` is where the schema stands.
 */
export function validateStructure(schema: JsonSchema, field: string): FieldError[] {
  const errors = [...validateInvariants(schema, 'root', field), ...validateCompleteness(schema, schema, field, field)];
  return errors.toSorted((a, b) => (`${a.field}: ${a.message}` < `${b.field}: ${b.message}` ? -1 : 1));
}

function validateInvariants(schema: JsonSchema, level: Level, field: string): FieldError[] {
  const additional = additionalSchema(schema);
  return [
    ...(schema.type === 'array' && schema.items === undefined ? [required(`${field}.items`, 'must be specified')] : []),
    ...(schema.items === undefined ? [] : validateInvariants(schema.items, 'items', `${field}.items`)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      validateInvariants(property, 'field', `${field}.properties[${name}]`),
    ),
    ...(schema.additionalProperties !== undefined && level === 'root'
      ? [forbiddenField(`${field}.additionalProperties`, 'must not be used at the root')]
      : []),
    ...(additional === undefined ? [] : validateInvariants(additional, 'field', `${field}.additionalProperties`)),
    ...validateIntOrString(schema, field),
    ...validateValueSchemas(
      schema,
      field,
      isIntOrStringAnyOf(schema.anyOf),
      isIntOrStringAnyOf(schema.allOf?.[0]?.anyOf),
    ),
    ...validateType(schema, level, field),
    ...validateResource(schema, level, field),
  ];
}

const intOrString: readonly JsonSchema[] = [{ type: 'integer' }, { type: 'string' }];

/** The one type that may be said inside of anyOf, and of an anyOf in the first allOf: tools have always written it so. */
const isIntOrStringAnyOf = (anyOf: readonly JsonSchema[] | undefined): boolean => sameJson(anyOf, intOrString);

function validateIntOrString(schema: JsonSchema, field: string): FieldError[] {
  if (schema['x-kubernetes-int-or-string'] !== true) return [];
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter((extension) => schema[extension] === true)
    .map((extension) =>
      invalidValue(`${field}.${extension}`, true, 'must be false if x-kubernetes-int-or-string is true'),
    );
}

const emptyTypeTexts: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  items: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function validateType(schema: JsonSchema, level: Level, field: string): FieldError[] {
  const { type = '' } = schema;
  const typeField = `${field}.type`;
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const forResource = 'must be object if x-kubernetes-embedded-resource is true';
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object')
    return [type === '' ? required(typeField, forResource) : invalidValue(typeField, type, forResource)];
  if (type === '' && !isFree) return [required(typeField, emptyTypeTexts[level])];
  return level === 'root' && type !== '' && type !== 'object'
    ? [invalidValue(typeField, type, 'must be object at the root')]
    : [];
}

/** apiVersion, kind and metadata of the object itself, and of resources inside it, are Kubernetes' own. */
function validateResource(schema: JsonSchema, level: Level, field: string): FieldError[] {
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  if (level !== 'root' && !isEmbedded) return [];
  const { properties = {} } = schema;
  const metadata = propertySchema(schema, 'metadata');
  return [
    ...(isEmbedded && schema.additionalProperties !== undefined
      ? [forbiddenField(`${field}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set')]
      : []),
    ...['kind', 'apiVersion'].flatMap((name) => {
      const property = propertySchema(schema, name);
      return property === undefined || property.type === 'string'
        ? []
        : [invalidValue(`${field}.properties[${name}].type`, property.type ?? '', 'must be string')];
    }),
    ...(metadata === undefined ? [] : validateMetadata(metadata, level, `${field}.properties[metadata]`)),
    ...(isEmbedded && schema['x-kubernetes-preserve-unknown-fields'] !== true && Object.keys(properties).length === 0
      ? [
          required(
            `${field}.properties`,
            'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
          ),
        ]
      : []),
  ];
}

function validateMetadata(
  { type, default: _default, properties = {}, ...rest }: JsonSchema,
  level: Level,
  field: string,
) {
  const isBare =
    Object.keys(rest).length === 0 &&
    Object.keys(properties).every((name) => name === 'name' || name === 'generateName');
  return [
    ...(type === 'object' ? [] : [invalidValue(`${field}.type`, type ?? '', 'must be object')]),
    ...(level === 'root' && !isBare
      ? [
          forbiddenField(
            field,
            'must not specify anything other than name and generateName, but metadata is implicitly specified',
          ),
        ]
      : []),
  ];
}
