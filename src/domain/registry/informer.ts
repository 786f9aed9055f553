import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { metaOf } from '../meta/object-key.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { Registry } from './registry.ts';

/**
 * Tells a listener of everything that exists, as ADDED, and then of every change until the signal (client-go tools/cache
 * SharedInformer). Needs no cache and no relist: the registry's memory is the cache, and nothing is lost on the way. Answers how to stop before.
 */
export function inform<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  listener: (event: ChangeEvent<T>) => void,
  signal: AbortSignal,
): () => void {
  if (signal.aborted) return () => {};
  const stop = registry.subscribe(definition, listener);
  signal.addEventListener('abort', stop, { once: true });
  for (const object of registry.all(definition)) {
    listener({ type: 'ADDED', resourceVersion: Number(metaOf(object).resourceVersion ?? 0), object });
  }
  return () => {
    signal.removeEventListener('abort', stop);
    stop();
  };
}
