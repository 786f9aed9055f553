import type { Container, Pod } from '../../meta/types.ts';

/** `uid`, `uid:gid` or a name of the image; undefined is what the image says. */
export type ContainerUser = { kind: 'user'; user?: string } | { kind: 'refused'; message: string };

/** `container` over `pod`, as everywhere in security contexts (kubernetes pkg/securitycontext/util.go DetermineEffectiveSecurityContext). */
const wanted = (pod: Pod, { securityContext: own }: Container) => {
  const shared = pod.spec?.securityContext;
  return {
    user: own?.runAsUser ?? shared?.runAsUser,
    group: own?.runAsGroup ?? shared?.runAsGroup,
    nonRoot: own?.runAsNonRoot ?? shared?.runAsNonRoot ?? false,
  };
};

/** Whether the answer depends on the image. */
export function asksImage(pod: Pod, container: Container): boolean {
  const { user, group, nonRoot } = wanted(pod, container);
  return user === undefined && (group !== undefined || nonRoot);
}

/** `imageUser` is what the image says, `user` or `user:group`, empty for root. */
export function containerUser(pod: Pod, container: Container, imageUser: string): ContainerUser {
  const { user, group, nonRoot } = wanted(pod, container);
  const why = nonRoot ? rootReason(user, imageUser) : undefined;
  if (why !== undefined) {
    const { name, namespace, uid } = pod.metadata ?? {};
    return { kind: 'refused', message: `${why} (pod: "${name}_${namespace}(${uid})", container: ${container.name})` };
  }
  if (group !== undefined) return { kind: 'user', user: `${user ?? (nameOf(imageUser) || 0)}:${group}` };
  return user === undefined ? { kind: 'user' } : { kind: 'user', user: String(user) };
}

/** kubernetes pkg/kubelet/kuberuntime/security_context.go verifyRunAsNonRoot */
function rootReason(user: number | undefined, imageUser: string): string | undefined {
  if (user !== undefined) return user === 0 ? "container's runAsUser breaks non-root policy" : undefined;
  const name = nameOf(imageUser);
  if (name === '' || /^0+$/.test(name)) return 'container has runAsNonRoot and image will run as root';
  if (/^\d+$/.test(name)) return undefined;
  return `container has runAsNonRoot and image has non-numeric user (${name}), cannot verify user is non-root`;
}

const nameOf = (imageUser: string): string => imageUser.split(':')[0] ?? '';

/** What every process of the pod belongs to besides its own group. */
export function groupsOf(pod: Pod): number[] {
  const { supplementalGroups = [], fsGroup } = pod.spec?.securityContext ?? {};
  return fsGroup === undefined ? supplementalGroups : [...supplementalGroups, fsGroup];
}
