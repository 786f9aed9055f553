import { controllerOf, metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, OwnerReference } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { apiVersionOf, type ResourceDefinition } from '../resources/resource-definition.ts';

/** metav1.NewControllerRef: the one owner that acts on the object, which waits for it in a foreground deletion. */
export const controllerReference = (definition: ResourceDefinition, owner: KubernetesObject): OwnerReference => ({
  apiVersion: apiVersionOf(definition),
  kind: definition.kind,
  name: metaOf(owner).name ?? '',
  uid: metaOf(owner).uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

export function withOwnerReferences<T extends KubernetesObject>(object: T, references: readonly OwnerReference[]): T {
  const { ownerReferences: _replaced, ...kept } = metaOf(object);
  return {
    ...object,
    metadata: references.length === 0 ? kept : { ...kept, ownerReferences: [...references] },
  };
}

/** The name of the object's controller when that is of this kind, whatever API version it was written with. */
export function controllerNameOf(object: KubernetesObject, definition: ResourceDefinition): string | undefined {
  const reference = controllerOf(object);
  return reference?.kind === definition.kind && groupOf(reference.apiVersion) === definition.group
    ? reference.name
    : undefined;
}

/** The names of the object's controllers of this kind, now and before the change. */
export const ownerNamesOf = ({ object, previous }: ChangeEvent, definition: ResourceDefinition): string[] =>
  [object, ...(previous ? [previous] : [])]
    .map((state) => controllerNameOf(state, definition))
    .filter((name) => name !== undefined);

/** `apps` of `apps/v1`, the empty group of `v1`. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.split('/')[0]! : '');

export const isControlledBy = (object: KubernetesObject, owner: KubernetesObject): boolean =>
  controllerOf(object)?.uid === metaOf(owner).uid;
