import { schemaReference, type GroupVersionKind, type Json } from '../../src/api/openapi/json.ts';
import { listKeyDefaults } from './schema-source.ts';
import { isTypeKey, type FieldModel, type TypeModel } from './type-graph.ts';

type Graph = ReadonlyMap<string, TypeModel>;

const apimachinery = 'io.k8s.apimachinery.pkg';

const anyValue: Json = { 'x-kubernetes-preserve-unknown-fields': true };

/** What a scalar of the schema table is in OpenAPI: plain, or a named schema that fields refer to as Kubernetes' own documents do. */
const plainScalars: Readonly<Record<string, Json>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  stringList: { type: 'array', items: { type: 'string', default: '' } },
  any: anyValue,
  schemaOrList: anyValue,
  schemaOrBoolean: anyValue,
  schemaOrStrings: anyValue,
};
const namedScalars: Readonly<Record<string, { name: string; schema: Json }>> = {
  quantity: {
    name: `${apimachinery}.api.resource.Quantity`,
    schema: {
      description:
        'An amount of a resource such as memory or CPU, as text with an optional suffix: 500m, 2, 64Mi, 1G, 1e3.',
      oneOf: [{ type: 'string' }, { type: 'number' }],
    },
  },
  intOrString: {
    name: `${apimachinery}.util.intstr.IntOrString`,
    schema: {
      description: 'IntOrString is a type that can hold an int32 or a string.',
      format: 'int-or-string',
      oneOf: [{ type: 'integer' }, { type: 'string' }],
    },
  },
  time: {
    name: `${apimachinery}.apis.meta.v1.Time`,
    schema: { description: 'A time in RFC 3339, to the second.', type: 'string', format: 'date-time' },
  },
  microTime: {
    name: `${apimachinery}.apis.meta.v1.MicroTime`,
    schema: { description: 'A time in RFC 3339, to the microsecond.', type: 'string', format: 'date-time' },
  },
  fieldsV1: {
    name: `${apimachinery}.apis.meta.v1.FieldsV1`,
    schema: { description: 'A set of fields in a trie, as server-side apply tracks them.', type: 'object' },
  },
  rawExtension: {
    name: `${apimachinery}.runtime.RawExtension`,
    schema: { description: 'Any object.', type: 'object' },
  },
};

/** The schema name that other documents use: `io.k8s.api.apps.v1.Deployment`. */
export function schemaName(type: TypeModel): string {
  return `${type.groupVersion.openApiPackage}.${type.name}`;
}

/** The schemas of these types and of all that they reach, by name and in order; `kindsOf` says what a type is the kind of. */
export function componentSchemas(
  graph: Graph,
  roots: readonly string[],
  kindsOf: (type: TypeModel) => GroupVersionKind[],
): Json {
  const schemas = new Map<string, Json>();
  const add = (key: string): void => {
    const type = typeOf(graph, key);
    if (schemas.has(schemaName(type))) return;
    const fields = jsonFields(graph, type);
    schemas.set(schemaName(type), objectSchema(graph, type, fields, kindsOf(type)));
    for (const field of fields) {
      const scalar = namedScalars[field.type];
      if (scalar !== undefined) schemas.set(scalar.name, scalar.schema);
      if (isTypeKey(field.type)) add(field.type);
    }
  };
  roots.forEach(add);
  return Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function objectSchema(
  graph: Graph,
  type: TypeModel,
  fields: readonly FieldModel[],
  kinds: readonly GroupVersionKind[],
): Json {
  const properties = fields.map((field): [string, Json] => [field.name, fieldSchema(graph, type, field)]);
  const all = [...(type.isKind ? typeMetaProperties : []), ...properties].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const required = fields.filter((field) => field.required).map((field) => field.name);
  return {
    ...(type.description === '' ? {} : { description: type.description }),
    type: 'object',
    ...(required.length === 0 ? {} : { required: required.toSorted() }),
    ...(all.length === 0 ? {} : { properties: Object.fromEntries(all) }),
    ...(kinds.length === 0 ? {} : { 'x-kubernetes-group-version-kind': kinds }),
    ...(type.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
  };
}

const conventions = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';
const typeMetaProperties: readonly [string, Json][] = [
  [
    'apiVersion',
    {
      description: `The version of the schema that this object follows. More info: ${conventions}#resources`,
      type: 'string',
    },
  ],
  [
    'kind',
    {
      description: `What this object represents; cannot be changed. In CamelCase. More info: ${conventions}#types-kinds`,
      type: 'string',
    },
  ],
];

function fieldSchema(graph: Graph, type: TypeModel, field: FieldModel): Json {
  const value = valueSchema(graph, field.type);
  const shaped = {
    single: { ...value, ...fieldDefault(type, field) },
    list: { type: 'array', items: { ...value, ...zeroDefault(field.type) } },
    map: { type: 'object', additionalProperties: { ...value, ...zeroDefault(field.type) } },
  }[field.shape];
  const description = describe(graph, field);
  return { ...(description === '' ? {} : { description }), ...shaped, ...mergeExtensions(field) };
}

/** The client model has no text for fields that are objects, so the first sentence of their type stands in for it. */
function describe(graph: Graph, { description, type }: FieldModel): string {
  if (description !== '' || !isTypeKey(type)) return description;
  return /^[^]*?\.(?=\s|$)/.exec(typeOf(graph, type).description)?.[0] ?? typeOf(graph, type).description;
}

/** References stand inside allOf, because OpenAPI ignores whatever else stands beside a `$ref`. */
function valueSchema(graph: Graph, type: string): Json {
  const name = isTypeKey(type) ? schemaName(typeOf(graph, type)) : namedScalars[type]?.name;
  if (name !== undefined) return { allOf: [{ $ref: schemaReference(name) }] };
  const scalar = plainScalars[type];
  if (scalar === undefined) throw new Error(`no OpenAPI type for ${type}`);
  return scalar;
}

/** A field that must be there has its Go zero value as default, as in Kubernetes' documents. */
function fieldDefault(type: TypeModel, field: FieldModel): Json {
  const listKey = listKeyDefaults[`${type.key}.${field.name}`];
  if (listKey !== undefined) return { default: listKey };
  return field.required || field.name === 'metadata' ? zeroDefault(field.type) : {};
}

function zeroDefault(type: string): Json {
  if (isTypeKey(type)) return { default: {} };
  if (type === 'string') return { default: '' };
  if (type === 'boolean') return { default: false };
  return type === 'int32' || type === 'int64' ? { default: 0 } : {};
}

function mergeExtensions({ merge, shape }: FieldModel): Json {
  if (merge === undefined) return {};
  return {
    ...(merge.structure === ''
      ? {}
      : { [shape === 'list' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type']: merge.structure }),
    ...(merge.mapKeys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': merge.mapKeys }),
    ...(merge.patchMergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': merge.patchMergeKey }),
    ...(merge.patchStrategy === '' ? {} : { 'x-kubernetes-patch-strategy': merge.patchStrategy }),
  };
}

/** The fields of a type's JSON object, those of embedded structs included. */
function jsonFields(graph: Graph, type: TypeModel): FieldModel[] {
  return type.fields.flatMap((field) => (field.inline ? jsonFields(graph, typeOf(graph, field.type)) : [field]));
}

function typeOf(graph: Graph, key: string): TypeModel {
  const type = graph.get(key);
  if (type === undefined) throw new Error(`no type ${key}`);
  return type;
}
