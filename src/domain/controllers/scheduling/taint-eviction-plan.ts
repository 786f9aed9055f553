import type { Pod } from '../../meta/types.ts';
import { tolerates, type Taint } from '../../resources/node-taints.ts';

/**
 * When the taints drive the pod away, in milliseconds after they began to: 0 when it does not tolerate one, undefined when it may stay
 * (kubernetes pkg/controller/tainteviction/taint_eviction.go processPodOnNode).
 */
export function timeUntilEviction(pod: Pod, taints: readonly Taint[]): number | undefined {
  const driving = taints.filter(({ effect }) => effect === 'NoExecute');
  if (driving.length === 0) return undefined;
  const ends = driving.map((taint) => {
    const known = (pod.spec?.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (known.length === 0) return 0;
    const seconds = known.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    return seconds.length === 0 ? Infinity : Math.max(0, Math.min(...seconds)) * 1000;
  });
  const end = Math.min(...ends);
  return end === Infinity ? undefined : end;
}
