import { metaOf } from '../../meta/object-key.ts';
import type { OwnerReference, PersistentVolumeClaim, Pod, StatefulSet } from '../../meta/types.ts';
import { pods } from '../../resources/pod.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { controllerReference } from '../owner-references.ts';

/** Ties a claim to the life of what its policy names: the garbage collector does the rest. A pod that stays is no reason to delete. */
export function retentionOwner(set: StatefulSet, condemned?: Pod): OwnerReference | undefined {
  const { whenDeleted, whenScaled } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  if (condemned && whenScaled === 'Delete') return controllerReference(pods, condemned);
  return whenDeleted === 'Delete' ? controllerReference(statefulSets, set) : undefined;
}

const namedLike = (one: OwnerReference, other: OwnerReference): boolean =>
  one.kind === other.kind && one.name === other.name && one.apiVersion === other.apiVersion;

/**
 * The owners that the claim of a pod should have; undefined when it has them, or when they are not for this set to decide (kubernetes
 * pkg/controller/statefulset/stateful_set_utils.go isClaimOwnerUpToDate). `pod` is condemned when it is one too many.
 */
export function claimOwners(
  set: StatefulSet,
  pod: Pod,
  isCondemned: boolean,
  claim: PersistentVolumeClaim,
): OwnerReference[] | undefined {
  const ours = [controllerReference(statefulSets, set), controllerReference(pods, pod)];
  const present = metaOf(claim).ownerReferences ?? [];
  if (present.some((reference) => ours.some((own) => namedLike(own, reference) && own.uid !== reference.uid))) {
    return undefined;
  }
  const others = present.filter((reference) => !ours.some((own) => own.uid === reference.uid));
  const owner = others.some(({ controller }) => controller)
    ? undefined
    : retentionOwner(set, isCondemned ? pod : undefined);
  const wanted = [...others, ...(owner ? [owner] : [])];
  return sameOwners(wanted, present) ? undefined : wanted;
}

const sameOwners = (some: readonly OwnerReference[], others: readonly OwnerReference[]): boolean =>
  some.length === others.length &&
  some.every(({ uid, controller }) => others.some((one) => one.uid === uid && one.controller === controller));

/** About to be deleted, with a pod that is gone already or by itself: a new pod must not find it. */
export const isGoing = (claim: PersistentVolumeClaim, podName: string): boolean =>
  metaOf(claim).deletionTimestamp !== undefined ||
  (metaOf(claim).ownerReferences ?? []).some(({ kind, name }) => kind === pods.kind && name === podName);
