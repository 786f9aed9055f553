import { toTime } from '../meta/clock.ts';
import { metaOf } from '../meta/object-key.ts';
import { conflict } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { groupResource, type ResourceDefinition } from '../resources/resource-definition.ts';

export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

export type Preconditions = { uid?: string; resourceVersion?: string };

/** finalizers by which a delete tells the garbage collector what to do first (apimachinery metav1.FinalizerOrphanDependents …). */
const propagationFinalizer = { Orphan: 'orphan', Foreground: 'foregroundDeletion' } as const;

/** What an earlier delete has asked for stands (apiserver pkg/registry/generic/registry/store.go shouldOrphanDependents). */
export const defaultPropagation = (
  { orphansByDefault }: ResourceDefinition,
  current: KubernetesObject,
): PropagationPolicy | undefined => {
  const asked = Object.values(propagationFinalizer).some((name) => metaOf(current).finalizers?.includes(name));
  return orphansByDefault && !asked ? 'Orphan' : undefined;
};

/** The object as it waits for its end, or as it is when nothing makes it wait. A second delete may only shorten the grace (apiserver pkg/registry/rest/delete.go BeforeDelete). */
export function beforeDelete<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  current: T,
  requested: number | undefined,
  policy: PropagationPolicy | undefined,
  now: Date,
): T {
  const meta = metaOf(current);
  const finalizer = policy === 'Orphan' || policy === 'Foreground' ? propagationFinalizer[policy] : undefined;
  const finalizers = [...new Set([...(meta.finalizers ?? []), ...(finalizer === undefined ? [] : [finalizer])])];
  if (requested === undefined && finalizers.length === 0 && !definition.holdsDeletion(current)) return current;
  const grace = requested ?? 0;
  const shortened = Math.min(grace, meta.deletionGracePeriodSeconds ?? grace);
  const first = meta.deletionTimestamp === undefined;
  const deadline = toTime(new Date(now.getTime() + grace * 1000));
  return {
    ...current,
    metadata: {
      ...meta,
      ...(finalizers.length > 0 ? { finalizers } : {}),
      deletionTimestamp: first || grace < (meta.deletionGracePeriodSeconds ?? 0) ? deadline : meta.deletionTimestamp,
      deletionGracePeriodSeconds: shortened,
      ...(first && definition.hasGeneration ? { generation: (meta.generation ?? 0) + 1 } : {}),
    },
  };
}

/** Nobody waits for anything any more: the object goes with this write. */
export const isFinished = <T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): boolean =>
  metaOf(object).deletionTimestamp !== undefined &&
  (metaOf(object).deletionGracePeriodSeconds ?? 0) === 0 &&
  (metaOf(object).finalizers ?? []).length === 0 &&
  !definition.holdsDeletion(object);

/** After a delete: the kind knows no grace and nothing holds the object, or what held it is done. */
export const goesAtOnce = <T extends KubernetesObject>(definition: ResourceDefinition<T>, deleted: T): boolean =>
  metaOf(deleted).deletionTimestamp === undefined || isFinished(definition, deleted);

/** Throws 409 when the object is not the one that the client means. */
export function checkPreconditions(
  definition: ResourceDefinition,
  current: KubernetesObject,
  preconditions: Preconditions | undefined,
): void {
  const { uid, resourceVersion } = metaOf(current);
  const refuseBy = (what: string, wanted: string, actual: string | undefined) =>
    conflict(
      groupResource(definition),
      metaOf(current).name ?? '',
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${actual}). The object might have been deleted and then recreated`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) throw refuseBy('UID', preconditions.uid, uid);
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw refuseBy('ResourceVersion', preconditions.resourceVersion, resourceVersion);
  }
}
