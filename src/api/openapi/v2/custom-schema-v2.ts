import type { JsonSchema } from '../../../domain/meta/structural-schema/json-schema.ts';
import type { ResourceDefinition } from '../../../domain/resources/resource-definition.ts';
import { customListSchema, customObjectSchema } from '../custom-schema.ts';
import type { Json } from '../json.ts';
import { schemaV2, type Schema } from './to-openapi-v2.ts';

/** What Kubernetes publishes of a schema in v2: alternatives and null have no words there (ToStructuralOpenAPIV2, ToKubeOpenAPI). */
const published: ReadonlySet<string> = new Set([
  'description',
  'type',
  'format',
  'title',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'required',
  'properties',
  'additionalProperties',
  'items',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
] satisfies (keyof JsonSchema | 'uniqueItems')[]);

/** The schemas of a custom resource and of its list, as clients of OpenAPI v2 can read them (apiextensions-apiserver pkg/controller/openapi/v2). */
export const customSchemasV2 = (definition: ResourceDefinition): { object: Json; list: Json } => ({
  object: objectSchema(definition),
  list: schemaV2(customListSchema(definition) as Schema),
});

/** Where anything may be in the object nothing is said of it: kubectl would refuse everything else. */
function objectSchema(definition: ResourceDefinition): Json {
  const { group, version, kind, openApiSchema = {} } = definition;
  if (openApiSchema['x-kubernetes-preserve-unknown-fields'] === true) {
    return { type: 'object', 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
  }
  return schemaV2(customObjectSchema({ ...definition, openApiSchema: simplified(openApiSchema) }) as Schema);
}

/** kubectl takes a value without a type, or with its members unsaid, for anything; lists of unknown things it cannot read. */
function simplified(schema: JsonSchema): JsonSchema {
  const isFree = schema.nullable === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const said = Object.entries(schema).filter(
    ([name]) => published.has(name) && !(isFree && (name === 'items' || name === 'properties')),
  );
  const { type, items, properties, additionalProperties, required, ...rest } = Object.fromEntries(said) as JsonSchema;
  const keepsType =
    schema.nullable !== true &&
    !(type === 'array' && items === undefined) &&
    !(type === 'object' && schema['x-kubernetes-preserve-unknown-fields'] === true);
  const needed = required?.filter((name) => schema.properties?.[name]?.nullable !== true) ?? [];
  return {
    ...rest,
    ...(type !== undefined && keepsType ? { type } : {}),
    ...(items === undefined ? {} : { items: simplified(items) }),
    ...(properties === undefined ? {} : { properties: mapSchemas(properties) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'boolean' ? additionalProperties : simplified(additionalProperties),
        }),
    ...(needed.length === 0 ? {} : { required: needed }),
  };
}

const mapSchemas = (schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, simplified(schema)]));
