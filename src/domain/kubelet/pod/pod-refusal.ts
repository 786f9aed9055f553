import type { Pod } from '../../meta/types.ts';
import { refusalPrefix } from '../../resources/refused-pod.ts';
import { podContainers } from './container-kinds.ts';
import type { PodVerdict } from './pod-verdict.ts';
import { sysctlRefusal } from './sysctl-refusal.ts';

/** What decides whether this node takes a pod. */
export type NodeRules = { appArmor: boolean; allowedUnsafeSysctls: readonly string[] };

/** Why the node does not take a pod that has not started (kubernetes pkg/kubelet/kubelet.go rejectPod and its admit handlers). */
export function podRefusal(pod: Pod, { appArmor, allowedUnsafeSysctls }: NodeRules): PodVerdict | undefined {
  if (pod.status?.phase !== undefined && pod.status.phase !== 'Pending') return undefined;
  const sysctl = sysctlRefusal(pod, allowedUnsafeSysctls);
  if (sysctl !== undefined) return rejected('SysctlForbidden', sysctl);
  if (!appArmor && wantsAppArmor(pod))
    return rejected('AppArmor', 'Cannot enforce AppArmor: AppArmor is not enabled on the host');
  return undefined;
}

const rejected = (reason: string, message: string): PodVerdict => ({
  phase: 'Failed',
  reason,
  message: `${refusalPrefix}${message}`,
});

/** kubernetes pkg/security/apparmor/validate.go isRequired */
const wantsAppArmor = (pod: Pod): boolean =>
  [pod.spec?.securityContext, ...podContainers(pod).map(({ container }) => container.securityContext)].some(
    (context) => context?.appArmorProfile !== undefined && context.appArmorProfile.type !== 'Unconfined',
  );
