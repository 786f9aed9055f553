import type { Pod, PodStatus } from '../../meta/types.ts';
import { latest, type ObservedPod } from '../pod/observed-pod.ts';

const reason = 'Paused';

/**
 * Kubernetes knows no such state. A container that somebody paused runs, but answers nobody: it is not ready, and the pod says why.
 */
export function pausedReason(pod: Pod, observed: ObservedPod): Pick<PodStatus, 'reason' | 'message'> {
  const names = pod.spec!.containers.map(({ name }) => name);
  const paused = names.filter((name) => latest(observed, name)?.state.kind === 'paused');
  if (paused.length === 0) return {};
  return { reason, message: `containers paused on the engine: [${paused.join(' ')}]` };
}

export const isPaused = (status: PodStatus | undefined): boolean => status?.reason === reason;
