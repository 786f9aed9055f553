import { posix } from 'node:path';
import type { Mount } from '../../container-runtime/container.ts';

const placeOf = ({ target }: Mount): string => posix.join(target, '.');

/**
 * A container's own mounts, and the files that every container is given where it mounts nothing itself (kubernetes pkg/kubelet/kubelet_pods.go
 * makeMounts). Podman refuses two mounts at one place.
 */
export function givenMounts(given: readonly Mount[], own: readonly Mount[]): Mount[] {
  const taken = new Set(own.map(placeOf));
  return [...given.filter((mount) => !taken.has(placeOf(mount))), ...own];
}
