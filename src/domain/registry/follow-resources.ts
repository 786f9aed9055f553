import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import { resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';

/** Tells of every resource there is, and then of each that is added, until the signal. One that is taken away and added again is told of again. */
export function followResources(
  catalog: ResourceCatalog,
  found: (definition: ResourceDefinition) => void,
  signal: AbortSignal,
): void {
  let known = new Set<string>();
  const look = () => {
    const added = catalog.stored.filter((definition) => !known.has(resourceName(definition)));
    known = new Set(catalog.stored.map(resourceName));
    added.forEach(found);
  };
  if (signal.aborted) return;
  signal.addEventListener('abort', catalog.subscribe(look), { once: true });
  look();
}
