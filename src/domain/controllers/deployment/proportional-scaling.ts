import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { sizeOf, sum } from './deployment-revisions.ts';
import { maxTotalWhenScaled } from './new-replica-set.ts';
import { rolloutBounds } from './rollout-bounds.ts';

export type Sizing = { replicaSet: ReplicaSet; replicas: number };

const createdAt = (set: ReplicaSet): string => `${metaOf(set).creationTimestamp ?? ''}/${metaOf(set).name ?? ''}`;

/** Largest first; of equals the newer first when growing, the older first when shrinking. */
const bySize =
  (growing: boolean) =>
  (a: ReplicaSet, b: ReplicaSet): number =>
    sizeOf(b) - sizeOf(a) || (createdAt(a) < createdAt(b) === growing ? 1 : -1);

/** Go's math.Round: halves away from zero. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value));

/** The set's share of a new total (kubernetes pkg/controller/deployment/util/deployment_util.go getReplicaSetFraction). */
function share(set: ReplicaSet, deployment: Deployment): number {
  const { replicas, maxTotal } = rolloutBounds(deployment);
  if (replicas === 0) return -sizeOf(set);
  const before = maxTotalWhenScaled(set) || deployment.status?.replicas || sizeOf(set);
  return round((sizeOf(set) * maxTotal) / before) - sizeOf(set);
}

/**
 * A Deployment that is scaled in the middle of a rollout spreads the change over its active sets in proportion to their sizes, so
 * that a bad version does not get all new pods (kubernetes pkg/controller/deployment/sync.go scale). What rounding leaves over goes to the largest.
 */
export function scaleProportionally(deployment: Deployment, activeSets: readonly ReplicaSet[]): Sizing[] {
  const { replicas, maxTotal } = rolloutBounds(deployment);
  const toAdd = (replicas > 0 ? maxTotal : 0) - sum(activeSets, sizeOf);
  let left = toAdd;
  const sizings = activeSets.toSorted(bySize(toAdd > 0)).map((replicaSet) => {
    const wanted = share(replicaSet, deployment);
    const change = toAdd > 0 ? Math.min(wanted, left) : toAdd < 0 ? Math.max(wanted, left) : 0;
    left -= change;
    return { replicaSet, replicas: sizeOf(replicaSet) + change };
  });
  return sizings.map((sizing, i) => (i === 0 ? { ...sizing, replicas: Math.max(0, sizing.replicas + left) } : sizing));
}
