import type { ObjectKey } from '../meta/object-key.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import type { Registry } from './registry.ts';

/** For a kind that may not be served yet, or no longer: then there is none. */
export function findServed<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  key: ObjectKey,
): T | undefined {
  try {
    return registry.find(definition, key);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
