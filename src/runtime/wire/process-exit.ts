import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 20;
const longestMs = 1000;

/** The exit code, asked for until the process has ended: its output may end earlier, when it closed its streams. Throws with the signal. */
export async function processExit(ask: () => Promise<number | undefined>, signal: AbortSignal): Promise<number> {
  for (let ms = firstMs; ; ms = Math.min(ms * 2, longestMs)) {
    signal.throwIfAborted();
    const code = await ask();
    if (code !== undefined) return code;
    await delay(ms, undefined, { signal });
  }
}
