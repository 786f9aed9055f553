import { metaOf } from '../meta/object-key.ts';
import type { Registry } from '../registry/registry.ts';
import { namespaces } from '../resources/namespace.ts';

/** It exists and is not being deleted. */
export function isActiveNamespace(registry: Registry, name: string): boolean {
  const namespace = registry.find(namespaces, { namespace: '', name });
  return namespace !== undefined && metaOf(namespace).deletionTimestamp === undefined;
}
