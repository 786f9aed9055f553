import { deducedType, scalarType, type ListType, type MapType, type MergeType } from '../managed-fields/merge-type.ts';
import { mergeTypeOf } from '../managed-fields/schema-merge-type.ts';
import { schemaType } from '../schema/schema-table.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';

const text = scalarType('string');

/**
 * A custom resource, or one inside another, as server-side apply sees it: apiVersion, kind and metadata are Kubernetes' own, the rest is as the
 * schema says (apiextensions-apiserver pkg/controller/openapi/builder addEmbeddedProperties).
 */
export function customMergeType(schema: JsonSchema): MergeType {
  const metadata = schemaType('meta/v1.ObjectMeta');
  if (metadata === undefined) throw new Error('the schema table has no ObjectMeta');
  const kubernetes: Readonly<Record<string, MergeType>> = {
    apiVersion: text,
    kind: text,
    metadata: mergeTypeOf(metadata),
  };
  const own = mapOf(schema);
  return {
    map: {
      ...own,
      field: (name) => (Object.hasOwn(kubernetes, name) ? { type: kubernetes[name]! } : own.field(name)),
    },
  };
}

const scalars: Readonly<Record<string, MergeType>> = {
  string: text,
  boolean: scalarType('boolean'),
  integer: scalarType('numeric'),
  number: scalarType('numeric'),
};

/** Types are made when somebody asks for them: a definition that nobody applies costs nothing. */
function typeOf(schema: JsonSchema): MergeType {
  if (schema['x-kubernetes-embedded-resource'] === true) return customMergeType(schema);
  if (schema['x-kubernetes-int-or-string'] === true) return scalarType('untyped');
  if (schema.type === 'object') return { map: mapOf(schema) };
  if (schema.type === 'array') return { list: listOf(schema) };
  return scalars[schema.type ?? ''] ?? deducedType;
}

function mapOf(schema: JsonSchema): MapType {
  const additional = additionalSchema(schema);
  const isFree = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true;
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    alwaysPresent: [],
    field: (name) => {
      const property = propertySchema(schema, name);
      if (property === undefined) return undefined;
      return { type: typeOf(property), ...(property.default === undefined ? {} : { default: property.default }) };
    },
    get element() {
      return additional === undefined ? (isFree ? deducedType : undefined) : typeOf(additional);
    },
  };
}

function listOf(schema: JsonSchema): ListType {
  const listType = schema['x-kubernetes-list-type'];
  return {
    relationship: listType === 'set' || listType === 'map' ? listType : 'atomic',
    keys: schema['x-kubernetes-list-map-keys'] ?? [],
    get element() {
      return schema.items === undefined ? deducedType : typeOf(schema.items);
    },
  };
}
