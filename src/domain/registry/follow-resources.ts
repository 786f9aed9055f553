import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import { resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';

const nothing = (): void => {};

/**
 * Tells of every resource there is, and then of each that is added, until the signal. What `found` answers, if anything, is called when the resource is taken away;
 * one that is added again is told of again.
 */
export function followResources(
  catalog: ResourceCatalog,
  found: (definition: ResourceDefinition) => (() => void) | false,
  signal: AbortSignal,
): void {
  const followed = new Map<string, () => void>();
  const look = () => {
    const stored = new Map(catalog.stored.map((definition) => [resourceName(definition), definition]));
    for (const [name, taken] of followed) {
      if (stored.has(name)) continue;
      followed.delete(name);
      taken();
    }
    for (const [name, definition] of stored) if (!followed.has(name)) followed.set(name, found(definition) || nothing);
  };
  if (signal.aborted) return;
  signal.addEventListener('abort', catalog.subscribe(look), { once: true });
  look();
}
