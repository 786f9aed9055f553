import { toTime } from '../../meta/clock.ts';
import { matches, selectorOf } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import { isPodReady, podAvailableInMs } from '../pod-lifecycle.ts';

export type ReplicaSetStatus = NonNullable<ReplicaSet['status']>;
type Condition = NonNullable<ReplicaSetStatus['conditions']>[number];

export type ReplicaFailure = { reason: 'FailedCreate' | 'FailedDelete'; message: string };

/** What counts for the set, and how many of its pods are on their way out (KEP-3973). */
export type OwnedPods = { active: readonly Pod[]; terminating: number };

/** kubernetes pkg/controller/replicaset/replica_set_utils.go calculateStatus */
export function replicaSetStatus(
  replicaSet: ReplicaSet,
  { active: pods, terminating }: OwnedPods,
  failure: ReplicaFailure | undefined,
  now: Date,
): ReplicaSetStatus {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const template = selectorOf(replicaSet.spec?.template?.metadata?.labels ?? {});
  const conditions = withFailure(replicaSet.status?.conditions ?? [], failure, now);
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) => matches(template, metaOf(pod).labels)).length,
    readyReplicas: pods.filter(isPodReady).length,
    availableReplicas: pods.filter((pod) => podAvailableInMs(pod, minReadySeconds, now) === 0).length,
    terminatingReplicas: terminating,
    observedGeneration: metaOf(replicaSet).generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** Milliseconds until the next ready pod becomes available; undefined when none is on its way. */
export function nextAvailabilityMs(replicaSet: ReplicaSet, pods: readonly Pod[], now: Date): number | undefined {
  const minReadySeconds = replicaSet.spec?.minReadySeconds ?? 0;
  const waits = pods.map((pod) => podAvailableInMs(pod, minReadySeconds, now) ?? 0).filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}

function withFailure(conditions: readonly Condition[], failure: ReplicaFailure | undefined, now: Date): Condition[] {
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return others;
  const standing = conditions.find(({ type }) => type === 'ReplicaFailure');
  if (standing?.reason === failure.reason) return [...others, standing];
  return [...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: toTime(now), ...failure }];
}
