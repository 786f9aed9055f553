import { link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLeftover } from '../../store/durable-file.ts';
import { keptKeys, stateFiles } from './state-files.ts';

export type SnapshotFile = { path: string; content: string; size: number; mtime: number };

/** How long it looks for a moment in which nothing is written. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 20;

/**
 * The state at one moment, as links to its files in `folder`: every file is replaced, never written into, so a link keeps what it was. Two looks
 * that see the same files mean that nothing changed between the end of the first and the beginning of the second.
 */
export async function takeSnapshot(
  dataPath: string,
  folder: string,
  now: () => number = Date.now,
): Promise<SnapshotFile[]> {
  await mkdir(folder, { mode: 0o700 });
  const deadline = now() + PATIENCE_MS;
  const held = new Map<string, SnapshotFile>();
  for (let before = await look(dataPath); ;) {
    await hold(dataPath, folder, before, held);
    const after = await look(dataPath);
    if (sameFiles(before, after) && [...after].every(([path, seen]) => held.has(`${path}\n${seen.id}`)))
      return [...after].map(([path, { id }]) => held.get(`${path}\n${id}`)!);
    if (now() > deadline) throw new Error('k2d writes without a pause: try again when it is calmer');
    before = after;
    await sleep(PAUSE_MS);
  }
}

type Seen = { id: string; size: number; mtime: number };

/** By path; the identity is another one as soon as the file was replaced. */
async function look(dataPath: string): Promise<Map<string, Seen>> {
  const found = new Map<string, Seen>();
  const keys = keptKeys();
  const walk = async (path: string): Promise<void> => {
    const status = await stat(join(dataPath, path), { bigint: true }).catch(ignoreMissing);
    if (status?.isDirectory()) {
      const names = await readdir(join(dataPath, path)).catch(ignoreMissing);
      for (const name of (names ?? []).toSorted()) if (!isLeftover(name)) await walk(`${path}/${name}`);
    } else if (status?.isFile() && (!path.startsWith('pki/') || keys.has(path))) {
      const { ino, mtimeNs, size } = status;
      found.set(path, { id: `${ino}-${mtimeNs}-${size}`, size: Number(size), mtime: Number(mtimeNs / 1_000_000_000n) });
    }
  };
  for (const root of stateFiles.kept) await walk(root);
  return found;
}

/** Links those that are not held yet. What was replaced meanwhile is left to the next look. */
async function hold(
  dataPath: string,
  folder: string,
  seen: ReadonlyMap<string, Seen>,
  held: Map<string, SnapshotFile>,
): Promise<void> {
  for (const [path, { id, size, mtime }] of seen) {
    const name = `${path}\n${id}`;
    if (held.has(name)) continue;
    const content = join(folder, String(held.size));
    await rm(content, { force: true });
    if ((await link(join(dataPath, path), content).then(() => true, ignoreMissing)) !== true) continue;
    const { ino, mtimeNs, size: linked } = await stat(content, { bigint: true });
    if (`${ino}-${mtimeNs}-${linked}` === id) held.set(name, { path, content, size, mtime });
  }
}

const sameFiles = (one: ReadonlyMap<string, Seen>, other: ReadonlyMap<string, Seen>): boolean =>
  one.size === other.size && [...one].every(([path, { id }]) => other.get(path)?.id === id);

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
