import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import type { CustomResourceDefinition } from '../meta/types.ts';
import { customResources } from '../resources/custom-resource.ts';
import { customResourceDefinitions, hasCondition } from '../resources/custom-resource-definition.ts';
import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import { isStored, resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';
import type { Registry } from './registry.ts';

/** What each list of versions was made from: a change that concerns neither leaves them as they are, and with them what was derived from them. */
const origins = new WeakMap<ResourceDefinition, Pick<CustomResourceDefinition, 'spec' | 'status'>>();

/** Makes a defined resource usable, with the objects that are kept of it, and brings its versions up to date. */
export async function serveCustomResource(
  registry: Registry,
  catalog: ResourceCatalog,
  definition: CustomResourceDefinition,
): Promise<void> {
  const { name = '' } = metaOf(definition);
  const current = catalog.definitions.find((resource) => resourceName(resource) === name);
  if (current !== undefined && isMadeFrom(current, definition)) return;
  const versions = customResources(definition);
  const stored = versions.find(isStored);
  if (stored === undefined) return;
  versions.forEach((version) => origins.set(version, definition));
  await registry.openTable(stored);
  catalog.put(name, versions);
}

function isMadeFrom(resource: ResourceDefinition, { spec, status }: CustomResourceDefinition): boolean {
  const origin = origins.get(resource);
  return (
    origin !== undefined && sameJson(origin.spec, spec) && sameJson(origin.status?.acceptedNames, status?.acceptedNames)
  );
}

export function withdrawCustomResource(registry: Registry, catalog: ResourceCatalog, name: string): void {
  const stored = catalog.stored.find((resource) => resourceName(resource) === name && origins.has(resource));
  if (stored === undefined) return;
  catalog.put(name, []);
  registry.closeTable(stored);
}

/** Those that were served when k2d stopped; the controller sees to all others. */
export async function serveEstablished(registry: Registry, catalog: ResourceCatalog): Promise<void> {
  for (const definition of registry.all(customResourceDefinitions)) {
    if (hasCondition(definition, 'Established')) await serveCustomResource(registry, catalog, definition);
  }
}
