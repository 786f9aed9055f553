import { readFile } from 'node:fs/promises';
import type { NodeCapabilities } from '../../domain/container-runtime/node-capabilities.ts';
import { hostMounts } from '../../domain/kubelet/volumes/host-mounts.ts';

/** `hostRoot` is where the host's `/` is for this process: a mount of a shared root hears of the host's mounts. */
export async function mountPropagation(
  hostRoot: string,
  { rootless }: Pick<NodeCapabilities, 'rootless'>,
): Promise<NodeCapabilities['mountPropagation']> {
  const mounts = hostMounts(await readFile('/proc/self/mountinfo', 'utf8'), hostRoot);
  if (!mounts.some(({ path, hearsOfMounts }) => path === '/' && hearsOfMounts)) return 'None';
  // A user's own mount namespace is a slave of the host's (mount_namespaces(7)).
  return rootless ? 'HostToContainer' : 'Bidirectional';
}
