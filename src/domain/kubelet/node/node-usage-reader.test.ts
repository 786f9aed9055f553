import { expect, test } from 'vitest';
import { NodeUsageReader } from './node-usage-reader.ts';

const meminfo = `MemTotal:        1000 kB
MemFree:          400 kB
Inactive:         300 kB
Inactive(anon):   100 kB
Inactive(file):   200 kB
`;
const files: Record<string, string> = {
  '/proc/meminfo': meminfo,
  '/proc/loadavg': '0.10 0.20 0.30 2/345 6789\n',
  '/proc/sys/kernel/pid_max': '32768\n',
};
const disk = { totalBytes: 10, availableBytes: 5, totalInodes: 4, freeInodes: 2 };

/** What the kernel has counted at each look, in hundredths of a second, and when that is. */
function readerOf(looks: { ticks: number; at: number }[], other: Record<string, string> = files) {
  let at = 0;
  const stat = () => {
    const look = looks.shift() ?? { ticks: 0, at };
    at = look.at;
    return `cpu  ${look.ticks} 0 0 900 50 0 0 0 7 0\ncpu0 1 2 3\nbtime 1700000000\n`;
  };
  const read = async (path: string) => (path === '/proc/stat' ? stat() : (other[path] ?? ''));
  const clock = { now: () => new Date(at) };
  return new NodeUsageReader({ disk: async () => disk, clock, signal: new AbortController().signal, read });
}

test('a first read takes a second, later ones measure since the one before', async () => {
  const reader = readerOf([
    { ticks: 1000, at: 0 },
    { ticks: 1050, at: 1000 },
    { ticks: 3050, at: 11_000 },
  ]);
  const first = await reader.read();
  expect(first).toMatchObject({ windowMs: 1000, cpuNanoCores: 500_000_000, cpuNanos: 10_500_000_000, disk });
  expect(first).toMatchObject({ memoryTotalBytes: 1_024_000, memoryUsedBytes: 614_400, memoryBytes: 409_600 });
  expect(first).toMatchObject({ processes: 345, mostProcesses: 32_768, startedAt: new Date(1_700_000_000_000) });
  expect(await reader.read()).toMatchObject({ windowMs: 10_000, cpuNanoCores: 2e9, cpuNanos: 30_500_000_000 });
});

test('a kernel that does not say is no failure', async () => {
  expect(await readerOf([{ ticks: 1, at: 0 }], {}).read()).toBeUndefined();
});
