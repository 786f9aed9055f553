import type { ObjectKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import type { ResourceDefinition, StoredAs } from '../resources/resource-definition.ts';
import { refuse } from './refuse.ts';
import type { Registry, WriteOptions } from './registry.ts';

// Resources that are another writing of what is stored: read by converting, written by writing the other.

/** A stored object as the definition writes it. */
export const shownAs = <T extends KubernetesObject>(
  { storedAs, fromStored }: ResourceDefinition<T>,
  object: KubernetesObject | undefined,
): T | undefined => object && (storedAs ? storedAs.fromStored(object) : fromStored(object));

export function changeShownAs<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  event: ChangeEvent,
): ChangeEvent<T> {
  const object = shownAs(definition, event.object)!;
  const previous = shownAs(definition, event.previous);
  if (object === event.object && previous === event.previous) return event as ChangeEvent<T>;
  const { type, resourceVersion } = event;
  return { type, resourceVersion, object, ...(previous === undefined ? {} : { previous }) };
}

export async function createStored<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  storedAs: StoredAs<T>,
  object: T,
  options: WriteOptions,
): Promise<T> {
  refuse(definition, object, definition.validate(object));
  return storedAs.fromStored(await registry.create(storedAs.definition, storedAs.toStored(object), options));
}

export async function updateStored<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  storedAs: StoredAs<T>,
  key: ObjectKey,
  change: (current: T) => T | Promise<T>,
  options: WriteOptions,
): Promise<T> {
  const changed = async (current: KubernetesObject): Promise<KubernetesObject> => {
    const before = storedAs.fromStored(current);
    const next = await change(before);
    refuse(definition, next, definition.validateUpdate(next, before));
    return storedAs.toStored(next);
  };
  return storedAs.fromStored(await registry.update(storedAs.definition, key, changed, options));
}
