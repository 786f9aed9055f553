import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hold } from './hold-k2d.ts';
import { forgetHolder, noteHolder } from './holder.ts';

/** The container's first process is the server. */
const SERVER = 1;

/** The server's last arguments while it makes way, and the process that it does it for. */
const HELD = ['--held', String(process.pid)];

const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

export const servesInside = async (): Promise<boolean> =>
  process.pid !== SERVER && (await serverArguments()).includes('serve');

/** Has the server begin anew, which it does by waiting. Throws when it does not. */
export async function holdInside(): Promise<Hold> {
  await noteHolder('serve');
  try {
    process.kill(SERVER, 'SIGHUP');
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await serverArguments()).join('\0').endsWith(HELD.join('\0'))) {
      if (Date.now() > deadline) throw new Error('k2d does not make way');
      await sleep(PAUSE_MS);
    }
  } catch (error) {
    await forgetHolder();
    throw error;
  }
  const release = async () => {
    await forgetHolder();
    return true;
  };
  return { release, remove: () => noteHolder('remove') };
}

const serverArguments = async (): Promise<string[]> =>
  (await readFile(`/proc/${SERVER}/cmdline`, 'utf8').catch(() => '')).split('\0').slice(0, -1);
