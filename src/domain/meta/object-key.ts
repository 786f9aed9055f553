import type { KubernetesObject, ObjectMeta } from './types.ts';

/** Names one object of a resource; namespace is empty for cluster-scoped ones. */
export type ObjectKey = { namespace: string; name: string };

export const keyOf = (object: KubernetesObject): ObjectKey => ({
  namespace: object.metadata?.namespace ?? '',
  name: object.metadata?.name ?? '',
});

/** `namespace/name`, or the name alone. Inverse of parseKey. */
export const formatKey = ({ namespace, name }: ObjectKey): string => (namespace === '' ? name : `${namespace}/${name}`);

export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return slash < 0 ? { namespace: '', name: text } : { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Stored objects always have metadata; this says so to the compiler. */
export const metaOf = (object: KubernetesObject): ObjectMeta => object.metadata ?? {};

/** True for the object that this owner controls (metav1.IsControlledBy). */
export const controllerOf = (object: KubernetesObject) =>
  object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
