import { readFile } from 'node:fs/promises';
import { hostMounts } from '../../domain/kubelet/volumes/host-mounts.ts';

/** Whether the host's root, which is at `hostRoot` for this process, is a shared mount: a mount of it hears of the host's mounts then. */
export async function propagatesMounts(hostRoot: string): Promise<boolean> {
  const mounts = hostMounts(await readFile('/proc/self/mountinfo', 'utf8'), hostRoot);
  return mounts.some(({ path, hearsOfMounts }) => path === '/' && hearsOfMounts);
}
