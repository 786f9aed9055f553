import { createHash } from 'node:crypto';
import { apiVersionOf, type ResourceDefinition } from '../domain/resources/resource-definition.ts';
import { compareApiVersions } from '../domain/meta/api-version-order.ts';
import { collectionVerbs, objectVerbs } from './resource-verbs.ts';
import { measuredVerbs } from './verbs/measured.ts';
import { subresources } from './subresources/subresource-list.ts';
import type { Subresource } from './subresources/subresource.ts';

type Catalog = readonly ResourceDefinition[];

const storedVerbs = [...Object.keys(collectionVerbs), ...Object.keys(objectVerbs)].toSorted();

/** What can be done with a resource, by the names that authorization uses. */
export function verbNamesOf({ isComputed, isMeasured }: ResourceDefinition): readonly string[] {
  if (isMeasured) return Object.keys(measuredVerbs);
  return isComputed ? ['create'] : storedVerbs;
}

export const subresourcesOf = (definition: ResourceDefinition): readonly Subresource[] =>
  subresources.filter((subresource) => subresource.servedFor(definition));

/** Groups in the order of the catalog, the core group first, each with its versions, the preferred one first. */
export function groupsOf(catalog: Catalog): { group: string; versions: string[] }[] {
  const groups = Map.groupBy(catalog, ({ group }) => group);
  return [...groups].map(([group, definitions]) => ({
    group,
    versions: [...new Set(definitions.map((d) => d.version))].toSorted(compareApiVersions),
  }));
}

/** `GET /api` */
export const apiVersions = (catalog: Catalog, address: string) => ({
  kind: 'APIVersions',
  versions: groupsOf(catalog).find(({ group }) => group === '')?.versions ?? [],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
});

/** `GET /apis` */
export const apiGroupList = (catalog: Catalog) => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groupsOf(catalog)
    .filter(({ group }) => group !== '')
    .map(groupEntry),
});

/** `GET /apis/GROUP`; undefined when there is no such group. */
export function apiGroup(catalog: Catalog, name: string) {
  const found = groupsOf(catalog).find(({ group }) => group === name && group !== '');
  return found && { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found) };
}

function groupEntry({ group, versions }: { group: string; versions: string[] }) {
  const entries = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

/** `GET /api/v1`, `GET /apis/GROUP/VERSION`; undefined when there is no such group version. */
export function apiResourceList(catalog: Catalog, groupVersion: string) {
  const definitions = catalog.filter((definition) => apiVersionOf(definition) === groupVersion);
  if (definitions.length === 0) return undefined;
  const resources = definitions.flatMap((definition) => [
    resourceEntry(definition),
    ...subresourcesOf(definition).map((subresource) => subresourceEntry(definition, subresource)),
  ]);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

const resourceEntry = (definition: ResourceDefinition) => ({
  name: definition.plural,
  singularName: definition.singular,
  namespaced: definition.scope === 'Namespaced',
  kind: definition.kind,
  verbs: verbNamesOf(definition),
  ...(definition.shortNames.length === 0 ? {} : { shortNames: definition.shortNames }),
  ...(definition.categories.length === 0 ? {} : { categories: definition.categories }),
  ...(definition.isComputed || definition.isMeasured ? {} : { storageVersionHash: storageVersionHash(definition) }),
});

const subresourceEntry = ({ plural, scope, kind }: ResourceDefinition, { name, responseKind, verbs }: Subresource) => ({
  name: `${plural}/${name}`,
  singularName: '',
  namespaced: scope === 'Namespaced',
  ...(responseKind ?? { kind }),
  verbs: Object.keys(verbs).toSorted(),
});

/** apiserver pkg/endpoints/discovery/storageversionhash.go */
const storageVersionHash = ({ group, version, kind }: ResourceDefinition): string =>
  createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
