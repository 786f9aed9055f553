import { toTime } from '../meta/clock.ts';
import type { Pod } from '../meta/types.ts';

/** The pod with the condition that says who ends it although it did nothing wrong (kubernetes pkg/apis/core/types.go DisruptionTarget). */
export function disruptionTarget(pod: Pod, why: { reason: string; message: string }, now: Date): Pod {
  const type = 'DisruptionTarget';
  const others = (pod.status?.conditions ?? []).filter((condition) => condition.type !== type);
  const condition = {
    type,
    status: 'True',
    ...why,
    lastTransitionTime: toTime(now),
    observedGeneration: pod.metadata?.generation ?? 1,
  };
  return { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
}
