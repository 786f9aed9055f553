import { expect, it } from 'vitest';
import type { DockerEngine } from './docker-engine.ts';
import { dockerStats } from './docker-stats.ts';

/** What Docker 20.10 answers of a container that ends while it is measured. */
const ending = { read: '0001-01-01T00:00:00Z', name: '/c', id: 'c', cpu_stats: { cpu_usage: { total_usage: 0 } } };
const running = {
  ...ending,
  read: '2026-03-01T12:00:00Z',
  cpu_stats: { cpu_usage: { total_usage: 7 } },
  memory_stats: { usage: 5000, stats: { total_inactive_file: 1000 } },
};

it('leaves out what ends while it is measured', async () => {
  const answers: Readonly<Record<string, object>> = { a: ending, b: running };
  const docker = { getContainer: (id: string) => ({ stats: async () => answers[id] }) };
  const engine = { call: (ask: (engine: typeof docker) => Promise<unknown>) => ask(docker) };
  expect(await dockerStats(engine as unknown as DockerEngine, ['a', 'b'])).toEqual([
    {
      id: 'b',
      time: new Date('2026-03-01T12:00:00Z'),
      cpuNanos: 7,
      memoryBytes: 4000,
      networkRxBytes: 0,
      networkTxBytes: 0,
      processes: 0,
    },
  ]);
});
