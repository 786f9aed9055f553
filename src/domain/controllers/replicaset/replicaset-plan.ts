import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { podDeletionOrder } from '../pod-deletion-order.ts';
import { pauseAfterRefusals, surplusRefused } from './refused-replicas.ts';
import type { Replicated } from './replicated.ts';

/** kubernetes pkg/controller/replicaset/replica_set.go BurstReplicas: so many pods are made or deleted in one turn. */
const burst = 500;

/** `againInMs`: pods are missing and may not be made before. */
export type ReplicaSetPlan = { create: number; remove: Pod[]; againInMs?: number };

/**
 * What brings the `pods` that the owner has to the number it asks for; `refused` are those of its pods that the node did not take. One that is
 * being deleted is the garbage collector's.
 */
export function planReplicas(
  owner: Replicated,
  pods: readonly Pod[],
  refused: readonly Pod[],
  now: Date,
): ReplicaSetPlan {
  if (metaOf(owner).deletionTimestamp !== undefined) return { create: 0, remove: [] };
  const missing = (owner.spec?.replicas ?? 1) - pods.length;
  if (missing < 0) return { create: 0, remove: podDeletionOrder(pods, now).slice(0, Math.min(-missing, burst)) };
  const remove = surplusRefused(refused);
  const againInMs = pauseAfterRefusals(refused, now);
  return missing > 0 && againInMs > 0 ? { create: 0, remove, againInMs } : { create: Math.min(missing, burst), remove };
}
