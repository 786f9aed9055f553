import type { Pod } from '../../meta/types.ts';

/** Who is to own a pod's files; undefined is root. */
export type FileOwner = { user?: number; group?: number };

/** The group is fsGroup; the user is the one whom all containers name, if they do (kubernetes pkg/volume/util FsUserFrom). */
export function fileOwner({ spec }: Pod): FileOwner {
  const group = spec?.securityContext?.fsGroup;
  const podUser = spec?.securityContext?.runAsUser;
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const [user, ...others] = new Set(containers.map((c) => c.securityContext?.runAsUser ?? podUser));
  return {
    ...(user === undefined || others.length > 0 ? {} : { user }),
    ...(group === undefined ? {} : { group }),
  };
}
