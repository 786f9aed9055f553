import { readFile } from 'node:fs/promises';
import { anonymousBytes } from '../../bench/process-facts.ts';
import { engineCli } from './engine-cli.ts';
import type { TestEngine } from './engines.ts';

/** Bytes of memory of its own that k2d may have while it carries streams. */
export const MEMORY_LIMIT = 48_000_000;

/** The most memory of its own that k2d was seen with while `work` went on. */
export async function peakMemory(engine: TestEngine, instance: string, work: () => Promise<unknown>): Promise<number> {
  const pid = await engineCli(engine, 'inspect', '--format', '{{.State.Pid}}', instance);
  let peak = 0;
  const look = async () => {
    peak = Math.max(peak, anonymousBytes(await readFile(`/proc/${pid}/status`, 'utf8')));
  };
  await look();
  const looks = setInterval(() => void look(), 100);
  try {
    await work();
  } finally {
    clearInterval(looks);
  }
  return peak;
}
