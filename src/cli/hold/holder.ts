import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** k2d's container has a /tmp of its own, which ends with it. */
const FILE = '/tmp/k2d-hold';
const PAUSE_MS = 100;

/** By whom the server is held, and what is to become of it once that process has ended. */
export type Holder = { pid: number; afterwards: 'serve' | 'remove' };

/** Throws when another process that lives has the server. */
export async function noteHolder(afterwards: Holder['afterwards']): Promise<void> {
  const present = await readHolder();
  if (present && present.pid !== process.pid && lives(present.pid)) throw new Error('another command holds k2d');
  await writeFile(FILE, JSON.stringify({ pid: process.pid, afterwards } satisfies Holder), { mode: 0o600 });
}

export const forgetHolder = (): Promise<void> => rm(FILE, { force: true });

/** Undefined when there is none; a file that is just being written is read again. */
export async function readHolder(): Promise<Holder | undefined> {
  const text = await readFile(FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    await sleep(PAUSE_MS);
    return readHolder();
  }
}

export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
