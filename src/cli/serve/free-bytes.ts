import { statfs } from 'node:fs/promises';

/** What an ordinary user may still write below the path, in bytes. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
