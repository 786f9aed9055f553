import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';

/** Deletes the objects of a resource, of all namespaces when none is named. What is being deleted already waits for its grace or its finalizers. */
export async function deleteAll(registry: Registry, definition: ResourceDefinition, namespace?: string): Promise<void> {
  const standing = registry.all(definition, namespace).filter(({ metadata }) => !metadata?.deletionTimestamp);
  await Promise.all(standing.map((object) => deleteOne(registry, definition, object)));
}

async function deleteOne(registry: Registry, definition: ResourceDefinition, object: KubernetesObject): Promise<void> {
  try {
    const { uid = '' } = metaOf(object);
    await registry.delete(definition, keyOf(object), { propagationPolicy: 'Background', preconditions: { uid } });
  } catch (error) {
    // Gone, or made anew under its name, of which the caller hears.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
