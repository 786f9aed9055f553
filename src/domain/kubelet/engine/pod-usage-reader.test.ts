import { beforeEach, expect, it, vi } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { PodUsageReader } from './pod-usage-reader.ts';

const pod: Pod = {
  metadata: { uid: 'u' },
  status: {
    containerStatuses: [
      {
        name: 'plc',
        image: 'i',
        imageID: '',
        ready: true,
        restartCount: 0,
        containerID: 'docker://c1',
        state: { running: {} },
      },
      {
        name: 'done',
        image: 'i',
        imageID: '',
        ready: false,
        restartCount: 0,
        containerID: 'docker://c2',
        state: { terminated: { exitCode: 0 } },
      },
    ],
  },
};

let now = 0;
let cpuNanos = 0;
const rest = { memoryBytes: 4096, networkRxBytes: 0, networkTxBytes: 0, processes: 1 };
const statsOf = (ids: readonly string[]) => ids.map((id) => ({ id, time: new Date(now), cpuNanos, ...rest }));
const engine = { stats: vi.fn(async (ids: readonly string[]) => statsOf(ids)) };
const signal = new AbortController().signal;

beforeEach(() => {
  now = 1_000_000;
  cpuNanos = 0;
  engine.stats.mockClear();
});

/** Half a core, always. */
const pass = (milliseconds: number) => {
  now += milliseconds;
  cpuNanos += milliseconds * 500_000;
};

/** A read that has nothing to compare with; the second that it waits passes in the engine as well. */
function first(reader: PodUsageReader) {
  const answer = statsOf(['c1']);
  engine.stats.mockImplementationOnce(async () => {
    pass(1000);
    return answer;
  });
  return reader.read([pod]);
}

it('takes a second for the first rate, and afterwards measures since it was asked before', async () => {
  const reader = new PodUsageReader(engine, signal);
  const { time, ...usage } = (await first(reader)).get('u')!;
  expect(time.getTime()).toBe(now);
  expect(usage).toEqual({ windowMs: 1000, containers: { plc: { cpuNanoCores: 500_000_000, cpuNanos, ...rest } } });
  expect(engine.stats).toHaveBeenLastCalledWith(['c1']);
  pass(15_000);
  expect((await reader.read([pod])).get('u')).toMatchObject({ windowMs: 15_000 });
  pass(100);
  expect((await reader.read([pod])).get('u')).toMatchObject({ windowMs: 15_000 });
});

it('begins anew after a restart of the container', async () => {
  const reader = new PodUsageReader(engine, signal);
  await first(reader);
  now += 15_000;
  cpuNanos = 0;
  expect((await first(reader)).get('u')).toMatchObject({ windowMs: 1000 });
});

it('asks the engine nothing for pods without a container that runs', async () => {
  const reader = new PodUsageReader(engine, signal);
  expect(await reader.read([{ metadata: { uid: 'v' }, status: {} }])).toEqual(new Map());
  expect(engine.stats).not.toHaveBeenCalled();
});
