import { readFile } from 'node:fs/promises';
import { byteSize } from '../byte-size.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { anonymousBytes } from '../process-facts.ts';

/** `private`: anonymous memory of k2d's process; `cgroup`: what the engine's own `stats` says, which counts page cache too. MB are 10^6 bytes. */
export async function idleMemory(k2d: K2dUnderTest): Promise<Figure[]> {
  const usage = await k2d.cli('stats', '--no-stream', '--format', '{{.MemUsage}}', k2d.config.instance);
  return [
    { name: 'memory.private.idle', value: await privateMemory(k2d), unit: 'MB' },
    { name: 'memory.cgroup.idle', value: byteSize(usage) / 1e6, unit: 'MB' },
  ];
}

/** In MB. */
export async function privateMemory(k2d: K2dUnderTest): Promise<number> {
  return anonymousBytes(await readFile(`/proc/${await k2d.pid()}/status`, 'utf8')) / 1e6;
}
