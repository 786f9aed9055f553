import type { JsonSchema } from '../../domain/meta/structural-schema/json-schema.ts';
import type { ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { schemaReference, type Json } from './json.ts';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

/** Names of schemas that all documents share. */
export const sharedNames = {
  objectMeta: `${meta}.ObjectMeta`,
  listMeta: `${meta}.ListMeta`,
  status: `${meta}.Status`,
  deleteOptions: `${meta}.DeleteOptions`,
  patch: `${meta}.Patch`,
  scale: 'io.k8s.api.autoscaling.v1.Scale',
} as const;

/** `com.example.v1.CronTab`: the group as Java would name a package. */
export const customSchemaName = ({ group, version }: ResourceDefinition, kind: string): string =>
  [...group.split('.').toReversed(), version, kind].join('.');

const reference = (name: string, description: string): Json => ({
  allOf: [{ $ref: schemaReference(name) }],
  description,
});

const typeMeta: Json = {
  apiVersion: {
    description: `APIVersion defines the versioned schema of this representation of an object. More info: ${conventions}#resources`,
    type: 'string',
  },
  kind: {
    description: `Kind is a string value representing the REST resource this object represents. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
    type: 'string',
  },
};

const resourceMeta: Json = {
  ...typeMeta,
  metadata: reference(sharedNames.objectMeta, `Standard object's metadata. More info: ${conventions}#metadata`),
};

/** The schema of a definition with what Kubernetes adds to it (apiextensions-apiserver pkg/controller/openapi/builder). */
export function customObjectSchema(definition: ResourceDefinition): Json {
  const { openApiSchema = {}, group, version, kind, fields } = definition;
  const published = withEmbedded(openApiSchema);
  return {
    ...published,
    properties: { ...published.properties, ...resourceMeta },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
    ...(fields.length === 0
      ? {}
      : { 'x-kubernetes-selectable-fields': fields.map(({ path }) => ({ fieldPath: path })) }),
  };
}

export function customListSchema(definition: ResourceDefinition): Json {
  const { group, version, kind, listKind } = definition;
  return {
    description: `${listKind} is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeMeta,
      items: {
        description: `List of ${definition.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: { allOf: [{ $ref: schemaReference(customSchemaName(definition, kind)) }], default: {} },
      },
      metadata: reference(sharedNames.listMeta, `Standard list metadata. More info: ${conventions}#types-kinds`),
    },
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
  };
}

/** Of every kind and its list, by their names. */
export const customSchemas = (definitions: readonly ResourceDefinition[]): Json =>
  Object.fromEntries(
    definitions.flatMap((definition) => [
      [customSchemaName(definition, definition.kind), customObjectSchema(definition)],
      [customSchemaName(definition, definition.listKind), customListSchema(definition)],
    ]),
  );

/** Resources inside have what every resource has. */
function withEmbedded(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const isResource = schema['x-kubernetes-embedded-resource'] === true;
  const inner = Object.entries(properties ?? {}).map(([name, property]): [string, unknown] => [
    name,
    withEmbedded(property),
  ]);
  const all = Object.fromEntries([...inner, ...(isResource ? Object.entries(resourceMeta) : [])]);
  return {
    ...schema,
    ...(properties === undefined && !isResource ? {} : { properties: all as Record<string, JsonSchema> }),
    ...(items === undefined ? {} : { items: withEmbedded(items) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: withEmbedded(additionalProperties) } : {}),
  };
}
