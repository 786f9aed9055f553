import type { ContainerSecurity, SeccompProfile } from '../../container-runtime/container.ts';
import type { Container, Pod } from '../../meta/types.ts';

/** `seccomp` is what a file says that the container names; the other profiles need none. */
export function securityOf(pod: Pod, container: Container, seccomp?: SeccompProfile): ContainerSecurity {
  const own = container.securityContext;
  const shared = pod.spec?.securityContext;
  const appArmor = appArmorOf(own?.appArmorProfile ?? shared?.appArmorProfile);
  const seLinux = own?.seLinuxOptions ?? shared?.seLinuxOptions;
  const profile = seccomp ?? (seccompOf(pod, container)?.type === 'Unconfined' ? unconfined : undefined);
  return {
    privileged: own?.privileged ?? false,
    capAdd: (own?.capabilities?.add ?? []).map(withoutPrefix),
    capDrop: (own?.capabilities?.drop ?? []).map(withoutPrefix),
    readOnlyRootfs: own?.readOnlyRootFilesystem ?? false,
    noNewPrivileges: own?.allowPrivilegeEscalation === false,
    ...(profile ? { seccomp: profile } : {}),
    ...(appArmor === undefined ? {} : { appArmor }),
    ...(seLinux ? { seLinux: partsOf(seLinux) } : {}),
    ...(own?.procMount === 'Unmasked' ? { unmaskedProc: true } : {}),
  };
}

const unconfined: SeccompProfile = { kind: 'unconfined' };

/**
 * The profile in force; none for a privileged container, which no profile holds. A pod that names none has the engine's own, as with
 * the kubelet's `seccompDefault`.
 */
export const seccompOf = (pod: Pod, { securityContext: own }: Container) =>
  own?.privileged ? undefined : (own?.seccompProfile ?? pod.spec?.securityContext?.seccompProfile);

type AppArmorProfile = NonNullable<NonNullable<Container['securityContext']>['appArmorProfile']>;

const appArmorOf = (profile: AppArmorProfile | undefined): string | undefined => {
  if (profile?.type === 'Unconfined') return 'unconfined';
  return profile?.type === 'Localhost' ? profile.localhostProfile : undefined;
};

type SeLinuxOptions = NonNullable<NonNullable<Container['securityContext']>['seLinuxOptions']>;

const partsOf = ({ user, role, type, level }: SeLinuxOptions): Record<string, string> =>
  Object.fromEntries(Object.entries({ user, role, type, level }).filter((part): part is [string, string] => !!part[1]));

/** Both spellings are in use; engines take the short one everywhere. */
const withoutPrefix = (capability: string): string => capability.replace(/^CAP_/, '');
