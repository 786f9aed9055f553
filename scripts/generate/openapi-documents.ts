import { schemaReference, type GroupVersionKind, type Json } from '../../src/api/openapi/json.ts';
import { subresourcesOf } from '../../src/api/discovery.ts';
import type { ResourceDefinition } from '../../src/domain/resources/resource-definition.ts';
import { customSchemas } from '../../src/api/openapi/custom-schema.ts';
import { customPathSchemas } from '../../src/api/openapi/custom-documents.ts';
import type { PathSchemas } from '../../src/api/openapi/path-schemas.ts';
import { resourcePaths } from '../../src/api/openapi/resource-paths.ts';
import { componentSchemas, schemaName } from './openapi-schemas.ts';
import { typeGraph, type TypeModel } from './type-graph.ts';

/** A document of OpenAPI v3 by the name that the index gives it: `api/v1`, `apis/apps/v1`. */
export type OpenApiDocument = { readonly path: string; readonly document: Json };

const shared = {
  scale: 'autoscaling/v1.Scale',
  status: 'meta/v1.Status',
  deleteOptions: 'meta/v1.DeleteOptions',
  resourceList: 'meta/v1.APIResourceList',
};
const metadataTypes = ['meta/v1.ObjectMeta', 'meta/v1.ListMeta'];
const patchName = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';
const patchSchema: Json = {
  description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.',
  type: 'object',
};

/** One document for each group version that has a served resource. */
export function openApiDocuments(served: readonly ResourceDefinition[], version: string): OpenApiDocument[] {
  const graph = typeGraph();
  const byPath = Map.groupBy(served, groupVersionPath);
  return [...byPath].map(([path, resources]) => ({
    path,
    document: {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version },
      paths: { ...discoveryPath(path, graph), ...mergedPaths(path, resources, graph) },
      components: { schemas: { ...schemasOf(resources, served, graph), [patchName]: patchSchema } },
    },
  }));
}

/** What documents of custom resources refer to; those are made while k2d runs. */
export function sharedSchemas(): Json {
  const roots = [...Object.values(shared), ...metadataTypes];
  return { ...componentSchemas(typeGraph(), roots, (type) => kindsOf(type, [])), [patchName]: patchSchema };
}

function groupVersionPath({ group, version }: ResourceDefinition): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

function mergedPaths(
  path: string,
  resources: readonly ResourceDefinition[],
  graph: ReadonlyMap<string, TypeModel>,
): Json {
  return Object.assign(
    {},
    ...resources.map((resource) => resourcePaths(`/${path}`, resource, pathSchemas(resource, graph))),
  ) as Json;
}

function pathSchemas(resource: ResourceDefinition, graph: ReadonlyMap<string, TypeModel>): PathSchemas {
  if (resource.isMeasured) return customPathSchemas(resource);
  const name = (key: string) => schemaName(typeIn(graph, key));
  return {
    object: name(kindKey(resource)),
    list: `${name(kindKey(resource))}List`,
    kind: (kind) => name(kindKey(kind)),
    status: name(shared.status),
    deleteOptions: name(shared.deleteOptions),
    patch: patchName,
    isBuiltIn: true,
  };
}

function discoveryPath(path: string, graph: ReadonlyMap<string, TypeModel>): Json {
  const schema = { $ref: schemaReference(schemaName(typeIn(graph, shared.resourceList))) };
  const responses = {
    200: { description: 'OK', content: { 'application/json': { schema } } },
    401: { description: 'Unauthorized' },
  };
  return { [`/${path}/`]: { get: { description: 'get available resources', responses } } };
}

function schemasOf(
  resources: readonly ResourceDefinition[],
  served: readonly ResourceDefinition[],
  graph: ReadonlyMap<string, TypeModel>,
): Json {
  const own = resources.filter(({ isMeasured }) => isMeasured);
  const kinds = resources
    .filter(({ isMeasured }) => !isMeasured)
    .flatMap((resource) => [
      kindKey(resource),
      ...(resource.isComputed ? [] : [`${kindKey(resource)}List`]),
      ...subresourcesOf(resource).flatMap(({ responseKind, connects }) =>
        responseKind === undefined || connects ? [] : kindKey(responseKind),
      ),
    ]);
  const metadata = own.length === 0 ? [] : metadataTypes;
  const roots = [...kinds, ...metadata, shared.status, shared.deleteOptions, shared.resourceList];
  return { ...componentSchemas(graph, roots, (type) => kindsOf(type, served)), ...customSchemas(own) };
}

/** DeleteOptions is a kind of every group version; the other shared kinds are said to be of `v1`. */
function kindsOf(type: TypeModel, served: readonly ResourceDefinition[]): GroupVersionKind[] {
  if (!type.isKind) return [];
  const apiVersion = type.groupVersion.apiVersion === 'meta/v1' ? 'v1' : type.groupVersion.apiVersion;
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  if (type.key !== shared.deleteOptions) return [{ group, version, kind: type.name }];
  const groupVersions = new Map(served.map((resource) => [groupVersionPath(resource), resource]));
  return [...groupVersions.values()].map((resource) => ({
    group: resource.group,
    version: resource.version,
    kind: type.name,
  }));
}

function kindKey({ group, version, kind }: GroupVersionKind): string {
  return `${group === '' ? '' : `${group}/`}${version}.${kind}`;
}

function typeIn(graph: ReadonlyMap<string, TypeModel>, key: string): TypeModel {
  const type = graph.get(key);
  if (type === undefined) throw new Error(`the schema has no ${key}, which is served`);
  return type;
}
