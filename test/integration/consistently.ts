import { setTimeout as delay } from 'node:timers/promises';

/** Throws when `holds` answers no within the time: for what must not happen. */
export async function consistently(what: string, holds: () => Promise<boolean>, forMs: number): Promise<void> {
  const end = Date.now() + forMs;
  while (Date.now() < end) {
    if (!(await holds())) throw new Error(`not for ${forMs} ms: ${what}`);
    await delay(100);
  }
}
