import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SyncLoop } from './sync-loop.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Each run ends as it is told; `runs` are those that have begun. */
function loopOf() {
  const runs: { end: (gone: boolean) => void; fail: (error: Error) => void }[] = [];
  const failed: unknown[] = [];
  const ended = vi.fn();
  const loop = new SyncLoop({
    sync: () => new Promise<boolean>((end, fail) => void runs.push({ end, fail })),
    failed: (error) => void failed.push(error),
    ended,
    now: () => Date.now(),
  });
  return { loop, runs, failed, ended };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test('what wakes it while it runs makes it run once more', async () => {
  const { loop, runs } = loopOf();
  loop.wake();
  loop.wake();
  loop.wake();
  expect(runs).toHaveLength(1);
  runs[0]!.end(false);
  await loop.settled;
  await settle();
  expect(runs).toHaveLength(2);
  runs[1]!.end(false);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(runs).toHaveLength(2);
});

test('a run that fails is tried again, each time later, until one succeeds', async () => {
  const { loop, runs, failed } = loopOf();
  loop.wake();
  for (const pause of [1000, 2000, 4000]) {
    const count = runs.length;
    runs.at(-1)!.fail(new Error('engine'));
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(runs).toHaveLength(count);
    await vi.advanceTimersByTimeAsync(50);
    expect(runs).toHaveLength(count + 1);
  }
  runs.at(-1)!.end(false);
  await settle();
  loop.wake();
  runs.at(-1)!.fail(new Error('engine'));
  await vi.advanceTimersByTimeAsync(1050);
  expect(failed).toHaveLength(4);
  expect(runs).toHaveLength(6);
});

test('it runs at the earliest of the moments that it was told', async () => {
  const { loop, runs } = loopOf();
  loop.wake();
  loop.wakeBy(Date.now() + 9000);
  loop.wakeBy(Date.now() + 5000);
  runs[0]!.end(false);
  await vi.advanceTimersByTimeAsync(4900);
  expect(runs).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(runs).toHaveLength(2);
});

test('nothing wakes it when there is nothing left, or when it was stopped', async () => {
  const over = loopOf();
  over.loop.wake();
  over.runs[0]!.end(true);
  await settle();
  expect(over.ended).toHaveBeenCalledOnce();
  const stopped = loopOf();
  stopped.loop.wake();
  stopped.loop.stop();
  stopped.runs[0]!.end(true);
  await settle();
  expect(stopped.ended).not.toHaveBeenCalled();
  for (const { loop, runs } of [over, stopped]) {
    loop.wake();
    expect(runs).toHaveLength(1);
  }
});
