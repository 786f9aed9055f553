import { createHash } from 'node:crypto';
import { chmod, lchown, mkdir, open, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../store/durable-file.ts';
import { observed } from '../archive/observed.ts';
import { readTar, type ReadMember } from '../archive/read-tar.ts';
import { END, MANIFEST, readManifest, type End, type Manifest } from '../backup/manifest.ts';
import { keptKeys } from '../backup/state-files.ts';

const MOST_TEXT_BYTES = 64 * 1024;

/** Objects are a megabyte or two at most (etcd's limit is 1.5 MiB); volumes hold whatever there is room for. */
const MOST_STATE_BYTES = 16 * 1024 * 1024;

/** Unpacks an archive into a new folder, every file on disk. Throws at anything that `k2d backup` would not have written. */
export async function stageBackup(stream: AsyncIterable<Buffer>, folder: string): Promise<Manifest> {
  await mkdir(folder, { mode: 0o700 });
  const sum = createHash('sha256');
  let manifest: Manifest | undefined;
  let files = 0;
  for await (const member of readTar(stream)) {
    if (member.entry.path === END && manifest) {
      checkEnd(await textOf(member), { files, sha256: sum.digest('hex') });
      await syncAll(folder);
      return manifest;
    }
    files += 1;
    const summed = { ...member, content: observed(member.content, (piece) => sum.update(piece)) };
    if (manifest) await unpack(summed, folder, manifest);
    else if (member.entry.path === MANIFEST) manifest = readManifest(await textOf(summed));
    else throw new Error('this is no backup of k2d');
  }
  throw new Error(manifest ? 'the archive ends too early' : 'this is no backup of k2d');
}

async function unpack({ entry, content }: ReadMember, folder: string, manifest: Manifest): Promise<void> {
  const { path, type, mode, uid, gid, size } = entry;
  if (!isExpected(path, type, manifest))
    throw new Error(`a backup of k2d has no ${type} ${JSON.stringify(path.slice(0, 300))}`);
  const isVolume = path === 'volumes' || path.startsWith('volumes/');
  if (!isVolume && size > MOST_STATE_BYTES) throw new Error(`${path} is too large`);
  const place = join(folder, path);
  // Links of a volume are made as they were; nothing is ever written through one.
  if (!isVolume) await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  if ((await realpath(dirname(place))) !== join(await realpath(folder), dirname(path)))
    throw new Error(`${path} would lead out of its folder`);
  if (type === 'symlink') await symlink(entry.target ?? '', place);
  else if (type === 'directory') await mkdir(place, { mode: 0o700 });
  else await writeNew(place, content);
  if (!isVolume) return;
  await lchown(place, uid, gid);
  if (type !== 'symlink') await chmod(place, mode & 0o7777);
}

function isExpected(path: string, type: string, { volumes }: Manifest): boolean {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) return false;
  if (volumes && parts[0] === 'volumes') return parts.length > 1 || type === 'directory';
  if (type !== 'file') return false;
  if (path === 'resource-version' || keptKeys().has(path)) return true;
  return (parts[0] === 'objects' && parts.length === 4) || (parts[0] === 'seccomp' && parts.length > 1);
}

/** Fails when the archive has the same name twice. */
async function writeNew(path: string, content: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of content) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function textOf({ entry, content }: ReadMember): Promise<string> {
  if (entry.size > MOST_TEXT_BYTES) throw new Error('this is no backup of k2d');
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function checkEnd(text: string, { files, sha256 }: End): void {
  const said = JSON.parse(text) as Partial<End>;
  if (said.files !== files || said.sha256 !== sha256)
    throw new Error('the archive is damaged: its checksum is another one');
}

/** The folders too, so that a power cut after the move finds what was moved. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await syncAll(join(folder, entry.name));
  await syncFolder(folder);
}
