import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import { engineOf } from '../engine-of.ts';
import { forgetHolder, lives, readHolder } from './holder.ts';

const PAUSE_MS = 100;

/** After a command has ended, the engine's client asks how it did; the container has to be there for that. */
const LAST_QUESTIONS_MS = 3000;

/** The server's side: waits until its holder lets it go, or has ended. Does not come back where its container is to be removed. */
export async function untilReleased(config: Config): Promise<void> {
  for (let holder = await readHolder(); holder; holder = await readHolder()) {
    if (lives(holder.pid)) await sleep(PAUSE_MS);
    else if (holder.afterwards === 'remove') await removeSelf(config);
    else await forgetHolder();
  }
}

/** Removing a container ends its processes, this one among them. */
async function removeSelf(config: Config): Promise<never> {
  await sleep(LAST_QUESTIONS_MS);
  const { containers } = await engineOf(config);
  const self = await containers.status(config.instance);
  if (self) await containers.remove(self.id);
  process.exit(0);
}
