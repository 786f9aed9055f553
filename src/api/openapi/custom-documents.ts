import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isCustomResource } from '../../domain/resources/custom-resource.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { apiVersionOf, type ResourceDefinition } from '../../domain/resources/resource-definition.ts';
import { perCatalog } from '../per-catalog.ts';
import { customListSchema, customObjectSchema, customSchemaName, customSchemas, sharedNames } from './custom-schema.ts';
import type { Json } from './json.ts';
import type { PathSchemas } from './path-schemas.ts';
import { resourcePaths } from './resource-paths.ts';

/** Documents about what users define. They are made when somebody asks; only their hashes are kept. */
export type CustomDocuments = {
  /** By path, such as `apis/example.com/v1`. */
  hashes(): ReadonlyMap<string, string>;
  /** Undefined for paths that no custom resource has. One in a group version of ours joins no document: that one stays as it was built. */
  text(path: string): Promise<string | undefined>;
};

/** `directory` has the schemas that all documents share, as the build wrote them. */
export function customDocuments(catalog: ResourceCatalog, directory: string): CustomDocuments {
  const builtIn = new Set(catalog.builtIn.map(apiVersionOf));
  const byPath = perCatalog(catalog, (served) =>
    Map.groupBy(
      served.filter((definition) => isCustomResource(definition) && !builtIn.has(apiVersionOf(definition))),
      (definition) => `apis/${apiVersionOf(definition)}`,
    ),
  );
  const hashes = perCatalog(
    catalog,
    () =>
      new Map(
        [...byPath()].map(([path, definitions]) => [path, hash(definitions.map(customDefinitionHash).join(' '))]),
      ),
  );
  return {
    hashes,
    async text(path) {
      const definitions = byPath().get(path);
      return definitions && JSON.stringify(document(path, definitions, await readShared(directory)));
    },
  };
}

const hash = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();

/** A definition never changes: another state of it is another object. */
const known = new WeakMap<ResourceDefinition, string>();

/** Of all that documents say about a custom resource. */
export function customDefinitionHash(definition: ResourceDefinition): string {
  const { plural, scope, subresources } = definition;
  const made =
    known.get(definition) ??
    hash(JSON.stringify([plural, scope, subresources, customObjectSchema(definition), customListSchema(definition)]));
  known.set(definition, made);
  return made;
}

const readShared = async (directory: string): Promise<Json> =>
  JSON.parse(String(await promisify(gunzip)(await readFile(join(directory, 'shared.json.gz'))))) as Json;

const document = (path: string, definitions: readonly ResourceDefinition[], shared: Json): Json => ({
  openapi: '3.0.0',
  info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
  paths: Object.assign(
    {},
    ...definitions.map((definition) => resourcePaths(`/${path}`, definition, customPathSchemas(definition))),
  ) as Json,
  components: {
    schemas: {
      ...shared,
      ...customSchemas(definitions),
    },
  },
});

/** What the paths of a custom resource refer to. */
export const customPathSchemas = (definition: ResourceDefinition): PathSchemas => ({
  ...sharedNames,
  kind: () => sharedNames.scale,
  object: customSchemaName(definition, definition.kind),
  list: customSchemaName(definition, definition.listKind),
  isBuiltIn: false,
});
