import { statfs } from 'node:fs/promises';

export type DiskUsage = {
  totalBytes: number;
  /** What an ordinary user may still write. */
  availableBytes: number;
  /** 0 where the file system does not count them. */
  totalInodes: number;
  freeInodes: number;
};

/** Of the file system that holds the first of these folders that can be seen; undefined when none can. */
export async function diskUsage(folders: readonly string[]): Promise<DiskUsage | undefined> {
  for (const folder of folders) {
    const found = await statfs(folder).catch(() => undefined);
    if (!found || found.blocks === 0) continue;
    const { blocks, bavail, bsize, files, ffree } = found;
    return { totalBytes: blocks * bsize, availableBytes: bavail * bsize, totalInodes: files, freeInodes: ffree };
  }
  return undefined;
}
