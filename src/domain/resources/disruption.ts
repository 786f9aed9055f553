import { toTime } from '../meta/clock.ts';
import { fromLabelSelector, matches } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Pod, PodDisruptionBudget } from '../meta/types.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

/** Whether the budget speaks of the pod. A budget without selector speaks of none, one with an empty selector of all. */
export function isBudgetOf(budget: PodDisruptionBudget, pod: Pod): boolean {
  const selector = fromLabelSelector(budget.spec?.selector);
  return (
    metaOf(budget).namespace === metaOf(pod).namespace &&
    selector !== undefined &&
    matches(selector, metaOf(pod).labels)
  );
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;

/** Whether it goes without asking: it serves nobody yet, or no more (kubernetes pkg/registry/core/pod/storage/eviction.go canIgnorePDB). */
export const needsNoBudget = ({ metadata, status }: Pod): boolean =>
  metadata?.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');

/** A pod that is not ready may be let go by the budget's policy, without using it up. */
export function letsUnhealthyGo({ spec, status }: PodDisruptionBudget, pod: Pod): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

/** Why the budget forbids a disruption now; `retryAfterSeconds` when it will soon know better (checkAndDecrement). */
export function budgetRefusal(
  budget: PodDisruptionBudget,
): { message: string; retryAfterSeconds?: number } | undefined {
  const { name, generation = 0 } = metaOf(budget);
  const {
    observedGeneration = 0,
    disruptionsAllowed = 0,
    desiredHealthy,
    currentHealthy,
    conditions,
  } = budget.status ?? {};
  if (observedGeneration < generation) {
    return {
      message: `The disruption budget ${name} is still being processed by the server.`,
      retryAfterSeconds: 10,
    };
  }
  if (disruptionsAllowed > 0) return undefined;
  const unknown = conditions?.find(({ reason, status }) => reason === 'SyncFailed' && status === 'False');
  if (unknown?.message) return { message: unknown.message };
  return {
    message: `The disruption budget ${name} needs ${desiredHealthy ?? 0} healthy pods and has ${currentHealthy ?? 0} currently`,
  };
}

/** One disruption less is allowed until the controller has seen the pod go. */
export function disrupted(status: Status, podName: string, now: Date): Status {
  const disruptionsAllowed = (status.disruptionsAllowed ?? 0) - 1;
  return withAllowance(
    { ...status, disruptionsAllowed, disruptedPods: { ...status.disruptedPods, [podName]: toTime(now) } },
    status.observedGeneration ?? 0,
    now,
  );
}

/** The status with what it says of itself in words (k8s.io/component-helpers apps/poddisruptionbudget UpdateDisruptionAllowedCondition). */
export const withAllowance = (status: Status, generation: number, now: Date): Status =>
  withCondition(
    status,
    (status.disruptionsAllowed ?? 0) > 0
      ? { status: 'True', reason: 'SufficientPods' }
      : { status: 'False', reason: 'InsufficientPods' },
    generation,
    now,
  );

/** What cannot be counted allows nothing. */
export const withFailure = (status: Status, message: string, generation: number, now: Date): Status =>
  withCondition(
    { ...status, disruptionsAllowed: 0 },
    { status: 'False', reason: 'SyncFailed', message },
    generation,
    now,
  );

function withCondition(
  status: Status,
  state: { status: string; reason: string; message?: string },
  observedGeneration: number,
  now: Date,
): Status {
  const type = 'DisruptionAllowed';
  const { conditions = [] } = status;
  const before = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : toTime(now);
  const next = { message: '', ...state, type, lastTransitionTime, observedGeneration };
  return { ...status, conditions: [...conditions.filter((condition) => condition.type !== type), next] };
}
