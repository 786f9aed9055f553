import type { ContainerStatus, Pod, PodStatus } from '../../meta/types.ts';

/** kubernetes pkg/kubelet/kubelet_pods.go getPhase. A container that waits after a run counts as stopped. */
export function phaseOf(
  pod: Pod,
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  initialized: boolean,
): NonNullable<PodStatus['phase']> {
  const policy = pod.spec?.restartPolicy ?? 'Always';
  const initFailed = init.some((s) => s.state?.terminated && s.state.terminated.exitCode !== 0);
  if (initFailed && policy === 'Never') return 'Failed';
  if (!initialized) return 'Pending';
  const ended = (s: ContainerStatus) => s.state?.terminated ?? (s.state?.waiting ? s.lastState?.terminated : undefined);
  if (main.some((s) => s.state?.waiting && !ended(s))) return 'Pending';
  if (main.some((s) => s.state?.running) || policy === 'Always') return 'Running';
  const codes = main.map((s) => ended(s)?.exitCode);
  if (codes.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}
