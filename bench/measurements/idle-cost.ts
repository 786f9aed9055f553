import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { containerStarts } from '../container-starts.ts';
import type { Figure } from '../figure.ts';
import type { K2dUnderTest } from '../k2d-under-test.ts';
import { cpuSeconds, writtenBytes } from '../process-facts.ts';

/**
 * What k2d's process costs while nobody asks it for anything, per minute: CPU time, bytes written to disks, and files and
 * folders below its data path that were changed, which shows writes that the kernel has not brought to the disk yet. k2d follows
 * what others do on the engine, so the figures mean idling only where no containers were started meanwhile.
 */
export async function idleCost(k2d: K2dUnderTest, windowMs: number, signal: AbortSignal): Promise<Figure[]> {
  const pid = await k2d.pid();
  const starts = await containerStarts(await k2d.client());
  const since = Date.now();
  const before = await usage(pid);
  await sleep(windowMs, undefined, { signal }).finally(starts.end);
  const after = await usage(pid);
  const changed = await countChanged(k2d.config.dataPath, since);
  const perMinute = 60_000 / windowMs;
  return [
    { name: 'cpu.idle', value: (after.cpu - before.cpu) * perMinute, unit: 's/min' },
    { name: 'disk.writes.idle', value: (after.written - before.written) * perMinute, unit: 'B/min' },
    { name: 'disk.files.changed.idle', value: changed * perMinute, unit: 'files/min' },
    { name: 'containers.started.idle', value: starts.count() * perMinute, unit: 'containers/min' },
  ];
}

async function usage(pid: number): Promise<{ cpu: number; written: number }> {
  const [stat, io] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/io`, 'utf8')]);
  return { cpu: cpuSeconds(stat), written: writtenBytes(io) };
}

async function countChanged(folder: string, since: number): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const facts = await Promise.all(entries.map((entry) => lstat(join(folder, entry))));
  return facts.filter(({ mtimeMs }) => mtimeMs >= since).length;
}
