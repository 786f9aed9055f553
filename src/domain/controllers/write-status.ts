import { keyOf, metaOf } from '../meta/object-key.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';

/** Shows what a controller has seen of the object. One that has gone, or has another under its name, needs no status. */
export async function writeStatus<T extends KubernetesObject & { status?: unknown }>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  object: T,
  status: T['status'],
): Promise<void> {
  try {
    await registry.update(
      definition,
      keyOf(object),
      (current) => (metaOf(current).uid === metaOf(object).uid ? { ...current, status } : current),
      { subresource: 'status' },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
