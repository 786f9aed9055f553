import { toTime } from '../../meta/clock.ts';
import { matches, selectorOf } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import { isPodReady, podAvailableInMs } from '../pod-lifecycle.ts';
import type { Replicated } from './replicated.ts';

export type ReplicaSetStatus = NonNullable<ReplicaSet['status']>;
type Condition = NonNullable<ReplicaSetStatus['conditions']>[number];

export type ReplicaFailure = { reason: 'FailedCreate' | 'FailedDelete'; message: string };

/** What counts for the owner, and how many of its pods are on their way out, for kinds that tell (KEP-3973). */
export type OwnedPods = { active: readonly Pod[]; terminating?: number };

/** kubernetes pkg/controller/replicaset/replica_set_utils.go calculateStatus */
export function replicaSetStatus(
  owner: Replicated,
  { active: pods, terminating }: OwnedPods,
  failure: ReplicaFailure | undefined,
  now: Date,
): ReplicaSetStatus {
  const minReadySeconds = owner.spec?.minReadySeconds ?? 0;
  const template = selectorOf(owner.spec?.template?.metadata?.labels ?? {});
  const conditions = withFailure(owner.status?.conditions ?? [], failure, now);
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.filter((pod) => matches(template, metaOf(pod).labels)).length,
    readyReplicas: pods.filter(isPodReady).length,
    availableReplicas: pods.filter((pod) => podAvailableInMs(pod, minReadySeconds, now) === 0).length,
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    observedGeneration: metaOf(owner).generation ?? 0,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

function withFailure(conditions: readonly Condition[], failure: ReplicaFailure | undefined, now: Date): Condition[] {
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return others;
  const standing = conditions.find(({ type }) => type === 'ReplicaFailure');
  if (standing?.reason === failure.reason) return [...others, standing];
  return [...others, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: toTime(now), ...failure }];
}
