import { createReadStream, type Stats } from 'node:fs';
import { lstat, opendir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { TarMember } from '../archive/write-tar.ts';

/**
 * Everything below `path` (relative to `root`), folders before what is in them. Files are read as they are at that moment. Sockets, pipes and
 * devices are left out, and so is what goes away meanwhile.
 */
export async function* volumeMembers(root: string, path: string): AsyncGenerator<TarMember> {
  const status = await lstat(join(root, path)).catch(() => undefined);
  if (!status) return;
  const common = fieldsOf(path, status);
  if (status.isSymbolicLink()) {
    yield { entry: { ...common, type: 'symlink', size: 0, target: await readlink(join(root, path)) } };
  } else if (status.isFile()) {
    yield { entry: { ...common, type: 'file', size: status.size }, content: createReadStream(join(root, path)) };
  } else if (status.isDirectory()) {
    yield { entry: { ...common, type: 'directory', size: 0 } };
    for await (const { name } of await opendir(join(root, path))) yield* volumeMembers(root, `${path}/${name}`);
  }
}

const fieldsOf = (path: string, { mode, uid, gid, mtimeMs }: Stats) => ({
  path,
  mode,
  uid,
  gid,
  mtime: mtimeMs / 1000,
});
