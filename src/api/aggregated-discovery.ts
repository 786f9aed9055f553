import { createHash } from 'node:crypto';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';
import { parseAccept } from './accept.ts';
import { groupsOf, subresourcesOf, verbNamesOf } from './discovery.ts';
import type { Subresource } from './subresources/subresource.ts';

type AggregatedVersion = 'v2' | 'v2beta1';

/** The version of apidiscovery.k8s.io that the client prefers; undefined when it wants the plain form, or none of ours. */
export function aggregatedVersion(accept: string | undefined): AggregatedVersion | undefined {
  for (const { type, subtype, parameters } of parseAccept(accept)) {
    if (type !== 'application' || subtype !== 'json') continue;
    if (parameters.get('as') === undefined) return undefined;
    const version = parameters.get('v');
    const isDiscovery =
      parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('as') === 'APIGroupDiscoveryList';
    if (isDiscovery && (version === 'v2' || version === 'v2beta1')) return version;
  }
  return undefined;
}

/** Clients look for exactly this to tell the aggregated form from the plain one. */
export const aggregatedMediaType = (version: AggregatedVersion): string =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

export type AggregatedDocument = { text: string; etag: string };

/** All that discovery knows of these resources in one document (apiserver pkg/endpoints/discovery/aggregated). */
export function aggregatedDiscovery(
  catalog: readonly ResourceDefinition[],
  version: AggregatedVersion,
): AggregatedDocument {
  const text = JSON.stringify({
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groupsOf(catalog).map(({ group, versions }) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((name) => ({
        version: name,
        resources: catalog.filter((d) => d.group === group && d.version === name).map(resourceEntry),
        freshness: 'Current',
      })),
    })),
  });
  return { text, etag: `"${createHash('sha512').update(text).digest('hex').toUpperCase()}"` };
}

const resourceEntry = (definition: ResourceDefinition) => ({
  resource: definition.plural,
  responseKind: kindOf(definition),
  scope: definition.scope,
  singularResource: definition.singular,
  verbs: verbNamesOf(definition),
  ...(definition.shortNames.length === 0 ? {} : { shortNames: definition.shortNames }),
  ...(definition.categories.length === 0 ? {} : { categories: definition.categories }),
  ...(subresourcesOf(definition).length === 0
    ? {}
    : { subresources: subresourcesOf(definition).map((subresource) => subresourceEntry(definition, subresource)) }),
});

const subresourceEntry = (definition: ResourceDefinition, { name, responseKind, verbs }: Subresource) => ({
  subresource: name,
  responseKind: responseKind ?? kindOf(definition),
  verbs: Object.keys(verbs).toSorted(),
});

const kindOf = ({ group, version, kind }: ResourceDefinition) => ({ group, version, kind });
