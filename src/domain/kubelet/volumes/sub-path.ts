import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

export class SubPathError extends Error {}

/**
 * The real path behind a subPath: a file of a ConfigMap stays what it was when the container started, and a link that leads out of the volume is
 * refused (kubernetes pkg/volume/util/subpath). Each missing part is made with the volume's own mode, after the part before it was seen to be inside.
 */
export async function openSubPath(root: string, subPath: string, makesMissing: boolean): Promise<string> {
  const realRoot = await realpath(root);
  let path = realRoot;
  for (const part of subPath.split('/').filter((each) => each !== '' && each !== '.')) {
    const next = join(path, part);
    if (makesMissing) await makeFolder(next, realRoot);
    path = await realpath(next).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new SubPathError(`subPath "${subPath}" does not exist in its volume`) : error;
    });
    if (!`${path}/`.startsWith(`${realRoot}/`)) throw new SubPathError(`subPath "${subPath}" leads out of its volume`);
  }
  return path;
}

async function makeFolder(path: string, like: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') throw new SubPathError(`"${path}" is not in a folder`);
    throw error;
  }
  await chmod(path, (await stat(like)).mode & 0o7777);
}
