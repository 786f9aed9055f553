import type { ContainerSpec } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import type { ContainerKind } from '../pod/container-kinds.ts';

/**
 * The engine keeps the workload alive while k2d is away and after a reboot; `always` is the only policy that every engine
 * honours at boot. Init containers must not start again once they have succeeded, sidecars always do, and nobody restarts a debugger.
 */
export function restartPolicy(pod: Pod, kind: ContainerKind): ContainerSpec['restart'] {
  if (kind === 'sidecar') return 'always';
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never' || kind === 'ephemeral') return 'no';
  return policy === 'OnFailure' || kind === 'init' ? 'on-failure' : 'always';
}

/** Never asks for a restart that the policy does not want (kubecontainer.ShouldContainerBeRestarted). */
export function restartsAfter(pod: Pod, kind: ContainerKind, exitCode: number): boolean {
  const policy = restartPolicy(pod, kind);
  return policy === 'always' || (policy === 'on-failure' && exitCode !== 0);
}
