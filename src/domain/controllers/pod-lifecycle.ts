import { metaOf } from '../meta/object-key.ts';
import type { Pod, PodCondition } from '../meta/types.ts';

/** Its containers have ended for good. */
export const isPodTerminal = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

export const isPodTerminating = (pod: Pod): boolean => metaOf(pod).deletionTimestamp !== undefined;

/** Counts for its owner (kubernetes pkg/controller/controller_utils.go IsPodActive). */
export const isPodActive = (pod: Pod): boolean => !isPodTerminal(pod) && !isPodTerminating(pod);

const readyCondition = ({ status }: Pod): PodCondition | undefined =>
  status?.conditions?.find(({ type, status: value }) => type === 'Ready' && value === 'True');

export const isPodReady = (pod: Pod): boolean => readyCondition(pod) !== undefined;

/** Milliseconds since 1970; undefined while not ready or when the time is not known. */
export function podReadySince(pod: Pod): number | undefined {
  const time = readyCondition(pod)?.lastTransitionTime;
  return time === undefined ? undefined : Date.parse(time);
}

/**
 * Milliseconds until a ready pod has been ready for `minReadySeconds` (kubernetes pkg/api/v1/pod/util.go IsPodAvailable);
 * 0 for one that is available, undefined for one that is not ready.
 */
export function podAvailableInMs(pod: Pod, minReadySeconds: number, now: Date): number | undefined {
  if (!isPodReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = podReadySince(pod);
  return since === undefined ? undefined : Math.max(0, since + minReadySeconds * 1000 - now.getTime());
}

/** Milliseconds until the next ready pod becomes available; undefined when none is on its way. */
export function nextAvailabilityMs(pods: readonly Pod[], minReadySeconds: number, now: Date): number | undefined {
  const waits = pods.map((pod) => podAvailableInMs(pod, minReadySeconds, now) ?? 0).filter((wait) => wait > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}
