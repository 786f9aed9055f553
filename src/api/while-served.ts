import { isCustomResource } from '../domain/resources/custom-resource.ts';
import type { ResourceCatalog } from '../domain/resources/resource-catalog.ts';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';

/**
 * Aborted with the given signal, and when the resource is defined otherwise or no more: clients that watch it start anew then, and get its
 * objects as they are defined now.
 */
export function whileServed(
  catalog: ResourceCatalog,
  definition: ResourceDefinition,
  closed: AbortSignal,
): AbortSignal {
  if (!isCustomResource(definition) || closed.aborted) return closed;
  const over = new AbortController();
  const look = () => {
    if (!catalog.definitions.includes(definition)) over.abort();
  };
  const unsubscribe = catalog.subscribe(look);
  over.signal.addEventListener('abort', unsubscribe, { once: true });
  closed.addEventListener('abort', () => over.abort(), { once: true });
  look();
  return over.signal;
}
