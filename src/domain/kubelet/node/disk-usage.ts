import { statfs } from 'node:fs/promises';
import type { NodeDisk } from '../../resources/node-usage.ts';

/** Of the file system that holds the first of these folders that can be seen; undefined when none can. */
export async function diskUsage(folders: readonly string[]): Promise<NodeDisk | undefined> {
  for (const folder of folders) {
    const found = await statfs(folder).catch(() => undefined);
    if (!found || found.blocks === 0) continue;
    const { blocks, bavail, bsize, files, ffree } = found;
    return { totalBytes: blocks * bsize, availableBytes: bavail * bsize, totalInodes: files, freeInodes: ffree };
  }
  return undefined;
}
