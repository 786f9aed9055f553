import { metaOf } from '../../meta/object-key.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import { podDeletionOrder } from '../pod-deletion-order.ts';

/** kubernetes pkg/controller/replicaset/replica_set.go BurstReplicas: so many pods are made or deleted in one turn. */
const burst = 500;

export type ReplicaSetPlan = { create: number; remove: Pod[] };

/** What brings the pods that the set owns to the number it asks for. A set that is being deleted is the garbage collector's. */
export function planReplicas(replicaSet: ReplicaSet, pods: readonly Pod[], now: Date): ReplicaSetPlan {
  if (metaOf(replicaSet).deletionTimestamp !== undefined) return { create: 0, remove: [] };
  const missing = (replicaSet.spec?.replicas ?? 1) - pods.length;
  if (missing >= 0) return { create: Math.min(missing, burst), remove: [] };
  return { create: 0, remove: podDeletionOrder(pods, now).slice(0, Math.min(-missing, burst)) };
}
