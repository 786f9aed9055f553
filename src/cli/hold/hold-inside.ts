import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hold } from './hold-k2d.ts';

/** The container's first process is the server, and its /tmp ends with it. */
const SERVER = 1;
export const HOLD_FILE = '/tmp/k2d-hold';

/** The server's argument while it makes way. */
const HELD = '--held';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/** In the file: by whom it is held, and what is to become of it once that process has ended. */
export type Holder = { pid: number; afterwards: 'serve' | 'remove' };

export const servesInside = async (): Promise<boolean> =>
  process.pid !== SERVER && (await serverArguments()).includes('serve');

/** Has the server begin anew, which it does by waiting. Throws when it does not. */
export async function holdInside(): Promise<Hold> {
  await note('serve', 'wx');
  try {
    process.kill(SERVER, 'SIGHUP');
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await serverArguments()).includes(HELD)) {
      if (Date.now() > deadline) throw new Error('k2d does not make way');
      await sleep(PAUSE_MS);
    }
  } catch (error) {
    await rm(HOLD_FILE, { force: true });
    throw error;
  }
  const release = async () => {
    await rm(HOLD_FILE, { force: true });
    return true;
  };
  return { release, remove: () => note('remove', 'w') };
}

const note = (afterwards: Holder['afterwards'], flag: 'w' | 'wx'): Promise<void> =>
  writeFile(HOLD_FILE, JSON.stringify({ pid: process.pid, afterwards } satisfies Holder), { flag, mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new Error('another command holds k2d') : error;
    },
  );

const serverArguments = async (): Promise<string[]> =>
  (await readFile(`/proc/${SERVER}/cmdline`, 'utf8').catch(() => '')).split('\0');
