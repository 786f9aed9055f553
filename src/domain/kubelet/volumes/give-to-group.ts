import { constants } from 'node:fs';
import { lchown, open, readdir, type FileHandle } from 'node:fs/promises';

const setgid = 0o2000;
const mayReadAndWrite = 0o660;
const mayEnter = 0o110;
/** A container may change what is walked meanwhile: nothing is opened that is a link, or that waits for somebody. */
const asItIs = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export type GroupChange = {
  group: number;
  /** Trust the folder: when its own group and mode are right, so is what it holds (fsGroupChangePolicy). */
  onlyOnMismatch: boolean;
};

/** Everything in the folder becomes the group's, to read and to write (kubernetes pkg/volume/volume_linux.go). */
export async function giveToGroup(folder: string, { group, onlyOnMismatch }: GroupChange): Promise<void> {
  const handle = await open(folder, asItIs | constants.O_DIRECTORY);
  try {
    const wanted = setgid | mayReadAndWrite | mayEnter;
    const { gid, mode } = await handle.stat();
    if (onlyOnMismatch && gid === group && (mode & wanted) === wanted) return;
    await giveFolder(handle, group);
  } finally {
    await handle.close();
  }
}

/** What it holds comes first, so that a folder that looks right is right, even when this was cut short. */
async function giveFolder(folder: FileHandle, group: number): Promise<void> {
  // By its open descriptor: a path could lead elsewhere by now.
  const own = `/proc/self/fd/${folder.fd}`;
  for (const entry of await readdir(own, { withFileTypes: true })) {
    const path = `${own}/${entry.name}`;
    if (entry.isDirectory() || entry.isFile()) await giveEntry(path, group).catch(ignoreChanged);
    else await lchown(path, -1, group).catch(ignoreChanged);
  }
  await give(folder, group, setgid | mayReadAndWrite | mayEnter);
}

async function giveEntry(path: string, group: number): Promise<void> {
  const handle = await open(path, asItIs);
  try {
    if ((await handle.stat()).isDirectory()) await giveFolder(handle, group);
    else await give(handle, group, mayReadAndWrite);
  } finally {
    await handle.close();
  }
}

/** The owner first: changing it takes the setgid bit away. */
async function give(handle: FileHandle, group: number, mask: number): Promise<void> {
  const { mode, uid } = await handle.stat();
  await handle.chown(uid, group);
  await handle.chmod((mode & 0o7777) | mask);
}

/** Gone, or something else by now. */
function ignoreChanged(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ELOOP' && error.code !== 'ENXIO') throw error;
}
