import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** As many as have ports and ranges of their own on one machine. */
const COUNT = 64;

/**
 * The number of an instance on this machine, which no other has: both engines and several files run at once. It is claimed by a link that
 * names the instance, made at one stroke, and stays claimed: the next run, or another process, finds what is left of the instance where it was.
 */
export function instanceSlot(instance: string, folder: string): number {
  mkdirSync(folder, { recursive: true });
  for (let slot = 0; slot < COUNT; slot += 1) {
    if (holderOf(join(folder, String(slot)), instance) === instance) return slot;
  }
  throw new Error(`all ${COUNT} places in ${folder} are taken: remove those of instances that are no more`);
}

/** Who has the place; the instance itself where it was free. */
function holderOf(place: string, instance: string): string {
  try {
    symlinkSync(instance, place);
    return instance;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readlinkSync(place);
  }
}
