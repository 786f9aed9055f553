import { chmod, chown, mkdir, open, readFile, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

/** Path below the volume → what stands there. `user` owns it; undefined is root. */
export type Payload = ReadonlyMap<string, { content: Buffer; mode: number; user?: number }>;

/** What a group that owns the files may do at least: they are mounted read-only (kubernetes pkg/volume/volume_linux.go). */
const groupMayRead = 0o440;
const groupMayEnter = 0o2550;

const current = '..data';

/**
 * Makes a folder show exactly the payload, all of it at once: the files stand in a dated folder, `..data` points to it and is swapped
 * by one rename, so a container that reads meanwhile sees the old state or the new one (kubernetes pkg/volume/util/atomic_writer.go).
 * Answers whether anything changed; an equal payload writes nothing. With a group everything is readable for it.
 */
export async function writePayload(folder: string, asked: Payload, now: Date, group?: number): Promise<boolean> {
  const payload = owned(asked, group);
  for (const path of payload.keys()) refuseEscape(path);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const before = await readlink(join(folder, current)).catch(absent);
  if (before !== undefined && (await holds(join(folder, before), payload))) return false;
  const dated = `..${now.toISOString().replaceAll(/[-:T.Z]/g, '_')}${Math.floor(now.getTime() % 1000)}`;
  await rm(join(folder, dated), { recursive: true, force: true });
  await mkdir(join(folder, dated), { mode: 0o755 });
  for (const [path, file] of payload) await writeFile(join(folder, dated, path), file);
  if (group !== undefined) await openFolders(folder, join(folder, dated), group);
  await rm(join(folder, `${current}_tmp`), { force: true });
  await symlink(dated, join(folder, `${current}_tmp`));
  await rename(join(folder, `${current}_tmp`), join(folder, current));
  await showTopLevel(folder, payload);
  await removeStale(folder, dated);
  return true;
}

type OwnedFile = { content: Buffer; mode: number; user: number; group: number };
type OwnedPayload = ReadonlyMap<string, OwnedFile>;

/** As k2d makes files when nobody says otherwise. */
const self = { user: process.geteuid?.() ?? 0, group: process.getegid?.() ?? 0 };

const owned = (payload: Payload, group: number | undefined): OwnedPayload =>
  new Map(
    [...payload].map(([path, { content, mode, user = self.user }]) => [
      path,
      { content, mode: group === undefined ? mode : mode | groupMayRead, user, group: group ?? self.group },
    ]),
  );

async function openFolders(root: string, dated: string, group: number): Promise<void> {
  const entries = await readdir(dated, { recursive: true, withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  for (const folder of [...below, dated, root]) {
    const { mode, uid } = await stat(folder);
    await chown(folder, uid, group);
    await chmod(folder, (mode & 0o7777) | groupMayEnter);
  }
}

/** Every first path segment is a link into `..data`, made once; links of what is gone are removed. */
async function showTopLevel(folder: string, payload: Payload): Promise<void> {
  const wanted = new Set([...payload.keys()].map((path) => normalize(path).split('/')[0]!));
  const present = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  for (const name of present.filter((n) => !wanted.has(n))) await rm(join(folder, name), { force: true });
  for (const name of wanted) {
    if (!present.includes(name)) await symlink(join(current, name), join(folder, name));
  }
}

async function removeStale(folder: string, dated: string): Promise<void> {
  const stale = (await readdir(folder)).filter((n) => n.startsWith('..') && n !== current && n !== dated);
  for (const name of stale) await rm(join(folder, name), { recursive: true, force: true });
}

async function holds(folder: string, payload: OwnedPayload): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.filter((e) => e.isFile()).length !== payload.size) return false;
  for (const [path, { content, mode, user, group }] of payload) {
    const file = join(folder, path);
    const info = await stat(file).catch(absent);
    if (info === undefined || (info.mode & 0o777) !== mode || info.size !== content.length) return false;
    if (info.uid !== user || info.gid !== group) return false;
    if (!content.equals(await readFile(file))) return false;
  }
  return true;
}

/** Synced, because the containers start from these files at the next boot, with or without k2d. */
async function writeFile(path: string, { content, mode, user, group }: OwnedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  const file = await open(path, 'w', mode);
  try {
    await file.chown(user, group);
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function refuseEscape(path: string): void {
  if (path === '' || path.startsWith('/') || path.split('/').some((part) => part === '..' || part.startsWith('..'))) {
    throw new TypeError(`not a path inside a volume: ${JSON.stringify(path)}`);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
