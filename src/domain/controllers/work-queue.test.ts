import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { objectModified } from '../meta/status-error.ts';
import { WorkQueue, type WorkQueueOptions } from './work-queue.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

const stop = new Set<AbortController>();
afterEach(() => {
  for (const controller of stop) controller.abort();
  stop.clear();
  vi.useRealTimers();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

function make(options: Partial<WorkQueueOptions>) {
  const controller = new AbortController();
  stop.add(controller);
  const runs: string[] = [];
  const queue = new WorkQueue({
    work: async (key) => void runs.push(key),
    failed: () => undefined,
    concurrency: 1,
    signal: controller.signal,
    ...options,
  });
  return { queue, runs, abort: () => controller.abort() };
}

test('a key that waits is there once, and keys run in the order they came', async () => {
  const { queue, runs } = make({});
  for (const key of ['a', 'b', 'a', 'c', 'a']) queue.add(key);
  expect(runs).toEqual([]);
  await vi.waitFor(() => expect(runs).toEqual(['a', 'b', 'c']));
});

test('a key that comes back while it is worked on runs again afterwards, never beside itself', async () => {
  const gates: (() => void)[] = [];
  const { queue } = make({ work: () => new Promise<void>((resolve) => gates.push(resolve)), concurrency: 4 });
  queue.add('a');
  await turn();
  queue.add('a');
  queue.add('a');
  await turn();
  expect(gates).toHaveLength(1);
  gates[0]!();
  await turn();
  await turn();
  expect(gates).toHaveLength(2);
  gates[1]!();
  await turn();
  await turn();
  expect(gates).toHaveLength(2);
});

test('no more than `concurrency` keys run at once, and all run in the end', async () => {
  let now = 0;
  let most = 0;
  const done: string[] = [];
  const { queue } = make({
    concurrency: 3,
    work: async (key) => {
      most = Math.max(most, ++now);
      await turn();
      now -= 1;
      done.push(key);
    },
  });
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
  keys.forEach((key) => queue.add(key));
  await vi.waitFor(() => expect(done.toSorted()).toEqual(keys.toSorted()));
  expect(most).toBe(3);
});

describe('retries', () => {
  const cases = [
    { what: 'failures double from 5 ms to five minutes', error: new Error('broken'), last: 300_000 },
    {
      what: 'conflicts stay within a second',
      error: objectModified({ group: '', resource: 'pods' }, 'x'),
      last: 1_000,
    },
  ];
  test.each(cases)('$what', async ({ error, last }) => {
    const waits: number[] = [];
    const { queue } = make({
      work: () => Promise.reject(error),
      failed: (_key, _error, retryMs) => void waits.push(retryMs),
    });
    queue.add('a');
    for (let i = 0; i < 20; i++) {
      await vi.waitFor(() => expect(waits).toHaveLength(i + 1));
      vi.advanceTimersByTime(waits.at(-1)!);
    }
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(waits.at(-1)).toBe(last);
  });

  test('a success makes the next failure wait briefly again', async () => {
    const waits: number[] = [];
    let fail = true;
    let runs = 0;
    const { queue } = make({
      work: async () => {
        runs += 1;
        if (fail) throw new Error('broken');
      },
      failed: (_key, _error, retryMs) => void waits.push(retryMs),
    });
    queue.add('a');
    await vi.waitFor(() => expect(waits).toEqual([5]));
    fail = false;
    vi.advanceTimersByTime(5);
    await vi.waitFor(() => expect(runs).toBe(2));
    fail = true;
    queue.add('a');
    await vi.waitFor(() => expect(waits).toEqual([5, 5]));
  });
});

test('the earliest of several moments counts', async () => {
  const { queue, runs } = make({});
  queue.addAfter('a', 500);
  queue.addAfter('a', 100);
  queue.addAfter('a', 900);
  vi.advanceTimersByTime(99);
  await turn();
  expect(runs).toEqual([]);
  vi.advanceTimersByTime(1);
  await vi.waitFor(() => expect(runs).toEqual(['a']));
  expect(vi.getTimerCount()).toBe(0);
});

test('work that asks to look again is run again, and work before that makes it void', async () => {
  const runs: string[] = [];
  const { queue } = make({
    work: async (key) => {
      runs.push(key);
      return runs.length < 3 ? { afterMs: 1000 } : undefined;
    },
  });
  queue.add('a');
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  queue.add('a');
  await vi.waitFor(() => expect(runs).toHaveLength(2));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  await vi.waitFor(() => expect(runs).toHaveLength(3));
  expect(vi.getTimerCount()).toBe(0);
});

test('the signal drops what waits, and the queue has ended when the last work has', async () => {
  const gate = Promise.withResolvers<void>();
  const runs: string[] = [];
  const { queue, abort } = make({
    work: async (key) => {
      runs.push(key);
      await gate.promise;
    },
  });
  queue.add('a');
  queue.add('b');
  queue.addAfter('c', 10);
  await turn();
  abort();
  queue.add('d');
  let ended = false;
  void queue.ended.then(() => (ended = true));
  await turn();
  expect(ended).toBe(false);
  gate.resolve();
  await queue.ended;
  expect(runs).toEqual(['a']);
  expect(vi.getTimerCount()).toBe(0);
});
