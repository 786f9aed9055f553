import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import type { ResourceDefinition, StoredAs } from '../resources/resource-definition.ts';
import { refuse } from './refuse.ts';

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

/** A new object in the writing that is stored; throws 422 for what only the other one forbids. */
export function inStoredForm<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  storedAs: StoredAs<T>,
  object: T,
): KubernetesObject {
  refuse(definition, object, definition.validate(object));
  return storedAs.toStored(object);
}

/** The same change to what is stored; throws 422 for what only the other writing forbids. */
export const storedChange =
  <T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    storedAs: StoredAs<T>,
    change: (current: T) => T | Promise<T>,
  ) =>
  async (current: KubernetesObject): Promise<KubernetesObject> => {
    const before = storedAs.fromStored(current);
    const next = await change(before);
    refuse(definition, next, definition.validateUpdate(next, before));
    return storedAs.toStored(next);
  };
