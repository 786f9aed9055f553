import type { ScalingRules } from '../../resources/scaling-rules.ts';

/** What an autoscaler recommended and did lately. Times in milliseconds since 1970. */
export type ScalingHistory = {
  recommendations: readonly { time: number; replicas: number }[];
  /** By how many pods: positive up, negative down. */
  changes: readonly { time: number; by: number }[];
};

/** The longest period or window that rules may name, an hour. */
const longestMs = 3_600_000;

export const withRecommendation = ({ recommendations, changes }: ScalingHistory, time: number, replicas: number) => ({
  changes,
  recommendations: [...recommendations.filter((each) => each.time > time - longestMs), { time, replicas }],
});

export const withChange = ({ recommendations, changes }: ScalingHistory, time: number, by: number) => ({
  recommendations,
  changes: [...changes.filter((each) => each.time > time - longestMs), { time, by }],
});

export type Rules = { up: ScalingRules; down: ScalingRules };

const usualDownWindow = 300;

/**
 * The least that was recommended lately when growing, the most when shrinking, so that a metric that swings changes nothing
 * (kubernetes pkg/controller/podautoscaler/horizontal.go stabilizeRecommendationWithBehaviors).
 */
export function stabilized(
  desired: number,
  current: number,
  { recommendations }: ScalingHistory,
  { up, down }: Rules,
  now: number,
): number {
  const within = (seconds: number) =>
    recommendations.filter(({ time }) => time > now - seconds * 1000).map(({ replicas }) => replicas);
  const least = Math.min(desired, ...within(up.stabilizationWindowSeconds ?? 0));
  const most = Math.max(desired, ...within(down.stabilizationWindowSeconds ?? usualDownWindow));
  return Math.min(Math.max(current, least), most);
}

export type Limited = { replicas: number; reason: string; message: string };

/** No faster than the rules allow, and within the bounds (convertDesiredReplicasWithBehaviorRate). */
export function limited(
  desired: number,
  current: number,
  history: ScalingHistory,
  rules: Rules,
  bounds: { min: number; max: number },
  now: number,
): Limited {
  if (desired > current) {
    const fastest = Math.max(current, paceLimit(current, history, rules.up, now, 1));
    const most = Math.min(fastest, bounds.max);
    if (desired <= most) return withinRange(desired);
    return fastest < bounds.max
      ? {
          replicas: most,
          reason: 'ScaleUpLimit',
          message: 'the desired replica count is increasing faster than the maximum scale rate',
        }
      : {
          replicas: most,
          reason: 'TooManyReplicas',
          message: 'the desired replica count is more than the maximum replica count',
        };
  }
  if (desired < current) {
    const fastest = Math.min(current, paceLimit(current, history, rules.down, now, -1));
    const least = Math.max(fastest, bounds.min);
    if (desired >= least) return withinRange(desired);
    return fastest > bounds.min
      ? {
          replicas: least,
          reason: 'ScaleDownLimit',
          message: 'the desired replica count is decreasing faster than the maximum scale rate',
        }
      : {
          replicas: least,
          reason: 'TooFewReplicas',
          message: 'the desired replica count is less than the minimum replica count',
        };
  }
  return withinRange(desired);
}

const withinRange = (replicas: number): Limited => ({
  replicas,
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
});

/** How far the policies let it go now, counted from how many there were when their period began. */
function paceLimit(
  current: number,
  { changes }: ScalingHistory,
  { selectPolicy, policies = [] }: ScalingRules,
  now: number,
  direction: 1 | -1,
): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const since = changes.filter(({ time }) => time > now - periodSeconds * 1000);
    const begun = current - since.reduce((sum, { by }) => sum + by, 0);
    if (type === 'Pods') return begun + direction * value;
    const exact = begun * (1 + (direction * value) / 100);
    return direction > 0 ? Math.ceil(exact) : Math.trunc(exact);
  });
  const isFarthest = (selectPolicy !== 'Min') === direction > 0;
  return isFarthest ? Math.max(...limits) : Math.min(...limits);
}
