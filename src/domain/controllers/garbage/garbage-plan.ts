import { metaOf } from '../../meta/object-key.ts';
import type { KubernetesObject, OwnerReference } from '../../meta/types.ts';
import { hasFinalizer } from '../finalizers.ts';

/** What there is of an owner: `unknown` is a kind that is not served, about which nothing may be concluded. */
export type OwnerState = 'present' | 'waiting' | 'absent' | 'unknown';

export type GarbageStep =
  | { do: 'nothing' }
  | { do: 'orphanDependents' }
  | { do: 'releaseOwner' }
  | { do: 'forgetOwners'; uids: readonly string[] }
  /** `unblock` first makes owners not wait for it: it owns what owns it. */
  | { do: 'delete'; policy: 'Background' | 'Foreground' | 'Orphan'; unblock: boolean };

export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

export const isBeingDeleted = (object: KubernetesObject): boolean => metaOf(object).deletionTimestamp !== undefined;

/** It stays until those of its dependents that block it are gone. */
export const isWaitingForDependents = (object: KubernetesObject): boolean =>
  isBeingDeleted(object) && hasFinalizer(object, foregroundFinalizer);

/** metav1.OwnerReference: such a dependent keeps its owner from going first. */
const blocks = (dependent: KubernetesObject, uid: string): boolean =>
  (metaOf(dependent).ownerReferences ?? []).some((ref) => ref.uid === uid && ref.blockOwnerDeletion === true);

/**
 * What becomes of one object because of its owners or its dependents (kubernetes
 * pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem).
 */
export function planGarbage(
  object: KubernetesObject,
  stateOf: (reference: OwnerReference) => OwnerState,
  dependents: readonly KubernetesObject[],
): GarbageStep {
  const { uid = '', ownerReferences = [] } = metaOf(object);
  if (isBeingDeleted(object)) {
    if (hasFinalizer(object, orphanFinalizer)) return { do: 'orphanDependents' };
    const mayGo = hasFinalizer(object, foregroundFinalizer) && !dependents.some((dependent) => blocks(dependent, uid));
    return { do: mayGo ? 'releaseOwner' : 'nothing' };
  }
  const owners = ownerReferences.map((reference) => ({ uid: reference.uid, state: stateOf(reference) }));
  const going = owners.filter(({ state }) => state === 'absent' || state === 'waiting');
  if (going.length === 0) return { do: 'nothing' };
  if (going.length < owners.length) return { do: 'forgetOwners', uids: going.map((owner) => owner.uid) };
  const policy = policyOf(object, going, dependents);
  return { do: 'delete', policy, unblock: policy === 'Foreground' && dependents.some(isWaitingForDependents) };
}

/** A foreground deletion goes on through the dependents that have dependents themselves. */
function policyOf(
  object: KubernetesObject,
  owners: readonly { state: OwnerState }[],
  dependents: readonly KubernetesObject[],
): 'Background' | 'Foreground' | 'Orphan' {
  if (dependents.length > 0 && owners.some(({ state }) => state === 'waiting')) return 'Foreground';
  if (hasFinalizer(object, orphanFinalizer)) return 'Orphan';
  return hasFinalizer(object, foregroundFinalizer) ? 'Foreground' : 'Background';
}
