import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { restartsAfter } from '../container-spec/restart-policy.ts';
import { podContainers } from './container-kinds.ts';
import { latest, type ObservedPod } from './observed-pod.ts';

export type PodVerdict = { phase: 'Succeeded' | 'Failed'; reason?: string; message?: string };

/** The phase is final, and all of it has ended. */
export const hasEnded = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/**
 * How the pod ended, or ends as soon as its sidecars and debuggers have; undefined while it goes on. Only main containers count,
 * and an init container that failed for good (kubernetes pkg/kubelet/kubelet_pods.go getPhase).
 */
export function podVerdict(pod: Pod, observed: ObservedPod): PodVerdict | undefined {
  const finals = (kind: 'init' | 'main') =>
    podContainers(pod)
      .filter((c) => c.kind === kind)
      .map(({ container }) => finalCode(pod, kind, latest(observed, container.name)));
  if (finals('init').some((code) => code !== undefined && code !== 0)) return { phase: 'Failed' };
  const main = finals('main');
  if (main.includes(undefined)) return undefined;
  return { phase: main.every((code) => code === 0) ? 'Succeeded' : 'Failed' };
}

/** Undefined unless it ended for good. */
function finalCode(pod: Pod, kind: 'init' | 'main', found: ContainerStatus | undefined): number | undefined {
  if (found?.state.kind !== 'exited') return undefined;
  const { code } = found.state.exit;
  const goesOn = restartsAfter(pod, kind, code) && pod.metadata?.deletionTimestamp === undefined;
  return goesOn ? undefined : code;
}
