import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';

export const hasFinalizer = (object: KubernetesObject, finalizer: string): boolean =>
  (metaOf(object).finalizers ?? []).includes(finalizer);

export const withFinalizer = <T extends KubernetesObject>(object: T, finalizer: string): T =>
  hasFinalizer(object, finalizer)
    ? object
    : { ...object, metadata: { ...metaOf(object), finalizers: [...(metaOf(object).finalizers ?? []), finalizer] } };

export function withoutFinalizer<T extends KubernetesObject>(object: T, finalizer: string): T {
  if (!hasFinalizer(object, finalizer)) return object;
  const { finalizers = [], ...kept } = metaOf(object);
  const others = finalizers.filter((name) => name !== finalizer);
  return { ...object, metadata: { ...kept, ...(others.length > 0 ? { finalizers: others } : {}) } };
}
