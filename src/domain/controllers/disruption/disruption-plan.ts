import { metaOf } from '../../meta/object-key.ts';
import type { Pod, PodDisruptionBudget } from '../../meta/types.ts';
import { withAllowance } from '../../resources/disruption.ts';
import { scaledIntOrPercent } from '../../resources/int-or-percent.ts';
import { isPodReady, isPodTerminating } from '../pod-lifecycle.ts';

type Status = NonNullable<PodDisruptionBudget['status']>;

/** An eviction that was allowed and has not shown after so long did not happen (kubernetes pkg/controller/disruption DeletionTimeout). */
const deletionTimeoutMs = 120_000;

export type Count = {
  pods: readonly Pod[];
  /** How many pods their controllers want; asked for only where the budget speaks in shares. */
  scale: () => number;
  now: Date;
};

/** kubernetes pkg/controller/disruption/disruption.go trySync. `recheckAt`: when an eviction stops to count, in milliseconds since 1970. */
export function disruptionPlan(budget: PodDisruptionBudget, count: Count): { status: Status; recheckAt?: number } {
  const { disruptedPods, recheckAt } = stillDisrupted(budget, count);
  const { expectedPods, desiredHealthy } = expectations(budget, count);
  const currentHealthy = count.pods.filter(
    (pod) => !isPodTerminating(pod) && isPodReady(pod) && !Object.hasOwn(disruptedPods, metaOf(pod).name ?? ''),
  ).length;
  const spare = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const { generation = 0 } = metaOf(budget);
  const { disruptedPods: _before, ...rest } = budget.status!;
  const status: Status = {
    ...rest,
    observedGeneration: generation,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    disruptionsAllowed: spare,
    ...(Object.keys(disruptedPods).length === 0 ? {} : { disruptedPods }),
  };
  return {
    status: withAllowance(status, generation, count.now),
    ...(recheckAt === undefined ? {} : { recheckAt }),
  };
}

/** getExpectedPodCount */
function expectations({ spec }: PodDisruptionBudget, { pods, scale }: Count) {
  const { minAvailable, maxUnavailable } = spec ?? {};
  if (maxUnavailable !== undefined) {
    const expectedPods = scale();
    const missing = scaledIntOrPercent(maxUnavailable, expectedPods, Math.ceil);
    return { expectedPods, desiredHealthy: Math.max(0, expectedPods - missing) };
  }
  if (typeof minAvailable !== 'string') return { expectedPods: pods.length, desiredHealthy: minAvailable ?? 0 };
  const expectedPods = scale();
  return { expectedPods, desiredHealthy: scaledIntOrPercent(minAvailable, expectedPods, Math.ceil) };
}

/** buildDisruptedPodMap: evictions that were allowed and cannot be seen yet. */
function stillDisrupted({ status }: PodDisruptionBudget, { pods, now }: Count) {
  const noted = status?.disruptedPods ?? {};
  const pending = pods.flatMap((pod) => {
    const { name = '' } = metaOf(pod);
    const until = Object.hasOwn(noted, name) ? Date.parse(noted[name]!) + deletionTimeoutMs : 0;
    return !isPodTerminating(pod) && until > now.getTime() ? [{ name, until }] : [];
  });
  return {
    disruptedPods: Object.fromEntries(pending.map(({ name }) => [name, noted[name]!])),
    recheckAt: pending.length === 0 ? undefined : Math.min(...pending.map(({ until }) => until)),
  };
}
