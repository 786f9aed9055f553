import type { ContainerSecurity } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';

/** `uid` or `uid:gid`; undefined is what the image says. */
export function userOf(pod: Pod, container: Container): string | undefined {
  const user = container.securityContext?.runAsUser ?? pod.spec?.securityContext?.runAsUser;
  const group = container.securityContext?.runAsGroup ?? pod.spec?.securityContext?.runAsGroup;
  if (user === undefined && group === undefined) return undefined;
  return group === undefined ? String(user) : `${user ?? 0}:${group}`;
}

/** What every process of the pod belongs to besides its own group. */
export function groupsOf(pod: Pod): number[] {
  const { supplementalGroups = [], fsGroup } = pod.spec?.securityContext ?? {};
  return fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
}

export const securityOf = ({ securityContext: context }: Container): ContainerSecurity => ({
  privileged: context?.privileged ?? false,
  capAdd: (context?.capabilities?.add ?? []).map(withoutPrefix),
  capDrop: (context?.capabilities?.drop ?? []).map(withoutPrefix),
  readOnlyRootfs: context?.readOnlyRootFilesystem ?? false,
  noNewPrivileges: context?.allowPrivilegeEscalation === false,
});

/** Both spellings are in use; engines take the short one everywhere. */
const withoutPrefix = (capability: string): string => capability.replace(/^CAP_/, '');
