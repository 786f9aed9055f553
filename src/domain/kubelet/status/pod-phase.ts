import type { ContainerStatus, PodStatus } from '../../meta/types.ts';

/**
 * Of a pod that goes on (kubernetes pkg/kubelet/kubelet_pods.go getPhase); how one ends is its verdict. A container that waits after a
 * run counts as stopped.
 */
export function phaseOf(main: readonly ContainerStatus[], initialized: boolean): NonNullable<PodStatus['phase']> {
  if (!initialized) return 'Pending';
  const ended = (s: ContainerStatus) => s.state?.terminated ?? (s.state?.waiting ? s.lastState?.terminated : undefined);
  return main.some((s) => s.state?.waiting && !ended(s)) ? 'Pending' : 'Running';
}
