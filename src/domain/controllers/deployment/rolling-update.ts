import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { availableOf, sizeOf, sum, type Revisions } from './deployment-revisions.ts';
import type { Sizing } from './proportional-scaling.ts';
import { rolloutBounds } from './rollout-bounds.ts';

/** The size at which the new set uses all room there is (kubernetes pkg/controller/deployment/util/deployment_util.go NewRSNewReplicas). */
export function newSetSize(deployment: Deployment, { newSet, oldSets }: Revisions): number {
  const { replicas, maxTotal } = rolloutBounds(deployment);
  const size = newSet ? sizeOf(newSet) : 0;
  const room = maxTotal - sum([...oldSets, ...(newSet ? [newSet] : [])], presentOf);
  return size >= replicas ? replicas : size + Math.max(0, Math.min(room, replicas - size));
}

/** Pods that a set should no longer have still take their place. */
const presentOf = (set: ReplicaSet): number => Math.max(sizeOf(set), set.status?.replicas ?? 0);

/**
 * One turn of a rolling update (kubernetes pkg/controller/deployment/rolling.go): either the new set changes, or old ones shrink by
 * as much as the available pods allow, unhealthy ones first. Empty when it can only wait, or is done.
 */
export function planRollingUpdate(deployment: Deployment, revisions: Revisions & { newSet: ReplicaSet }): Sizing[] {
  const replicas = newSetSize(deployment, revisions);
  if (replicas !== sizeOf(revisions.newSet)) return [{ replicaSet: revisions.newSet, replicas }];
  return shrinkOldSets(deployment, revisions);
}

function shrinkOldSets(deployment: Deployment, { newSet, oldSets }: Revisions & { newSet: ReplicaSet }): Sizing[] {
  const { minAvailable } = rolloutBounds(deployment);
  const sets = [...oldSets, newSet];
  const newUnavailable = sizeOf(newSet) - healthyOf(newSet);
  const removable = sum(sets, sizeOf) - minAvailable - newUnavailable;
  const present = oldSets.map((replicaSet) => ({ replicaSet, replicas: sizeOf(replicaSet) }));
  const healed = take(present, removable, ({ replicaSet }) => sizeOf(replicaSet) - healthyOf(replicaSet));
  const spare = sum(sets, healthyOf) - minAvailable;
  return take(healed, spare, ({ replicas }) => replicas).filter(
    ({ replicaSet, replicas }) => replicas !== sizeOf(replicaSet),
  );
}

/** A set that has just shrunk may still count pods that are about to go. */
const healthyOf = (set: ReplicaSet): number => Math.min(availableOf(set), sizeOf(set));

/** Shrinks the sets in their order until so many pods are taken in all, from each at most what it offers. */
function take(sizings: readonly Sizing[], count: number, offers: (sizing: Sizing) => number): Sizing[] {
  let left = Math.max(0, count);
  return sizings.map((sizing) => {
    const taken = Math.min(left, offers(sizing));
    left -= taken;
    return { ...sizing, replicas: sizing.replicas - taken };
  });
}
