import { describe, expect, test } from 'vitest';
import type { ContainerState, ContainerStatus } from '../../container-runtime/container.ts';
import { observedContainer } from './observed-fixture.ts';
import { RunHistory } from './run-history.ts';

const startedAt = (second: number): ContainerState => ({ kind: 'running', startedAt: new Date(second * 1000) });
const exitAt = (second: number) => ({
  code: 1,
  oomKilled: false,
  error: '',
  startedAt: new Date(second * 1000),
  finishedAt: new Date(second * 1000 + 1),
});
const restarting = (second: number): ContainerState => ({ kind: 'restarting', exit: exitAt(second) });

const counts = (history: RunHistory, ...looks: [ContainerState, number][]) =>
  looks.map(([state, restartCount]) => {
    const { observed, restarted } = history.note({ containers: [observedContainer('c', state, { restartCount })] });
    return [observed.containers[0]!.restartCount, restarted];
  });

test('counts what the engine counts, once', () => {
  const looks = counts(new RunHistory(), [startedAt(1), 0], [restarting(1), 1], [startedAt(2), 1], [startedAt(2), 1]);
  expect(looks).toEqual([
    [0, false],
    [1, false],
    [1, true],
    [1, false],
  ]);
});

test('counts a restart once that was first seen while the engine waited', () => {
  const looks = counts(new RunHistory(), [restarting(1), 1], [startedAt(2), 1]);
  expect(looks.map(([count]) => count)).toEqual([1, 1]);
});

test('counts on when a call started it, for which the engine forgets its own count', () => {
  const looks = counts(new RunHistory(), [startedAt(1), 3], [startedAt(2), 0], [startedAt(3), 0], [startedAt(4), 1]);
  expect(looks.map(([count]) => count)).toEqual([3, 4, 5, 6]);
});

test('the first start of a container is no restart; another container begins anew', () => {
  const history = new RunHistory();
  expect(counts(history, [{ kind: 'created' }, 0], [startedAt(1), 0])).toEqual([
    [0, false],
    [0, false],
  ]);
  counts(history, [startedAt(2), 0]);
  const other = observedContainer('c', startedAt(3), { id: 'other' });
  expect(history.note({ containers: [other] }).observed.containers[0]!.restartCount).toBe(0);
});

test('goes on from what was kept', () => {
  const history = new RunHistory();
  counts(history, [startedAt(1), 3], [startedAt(2), 0]);
  expect(counts(new RunHistory(history.entries()), [startedAt(9), 0])).toEqual([[5, true]]);
});

describe('a container that the kubelet holds', () => {
  const ended = (second: number): ContainerState => ({ kind: 'exited', exit: exitAt(second) });
  /** Its second run has just crashed: the engine has restarted it once, and would again at once. */
  const crashedTwice = (): RunHistory => {
    const history = new RunHistory();
    counts(history, [startedAt(1), 0], [restarting(1), 0], [startedAt(2), 1]);
    return history;
  };
  const hold = (history: RunHistory, state: ContainerState, restartCount: number, told: number): void => {
    const { observed } = history.note({ containers: [observedContainer('c', state, { restartCount })] });
    history.hold(observed.containers[0]!, told);
  };
  const totals = (history: RunHistory, ...looks: [ContainerState, number][]) =>
    counts(history, ...looks).map(([count]) => count);
  const killed = (history: RunHistory): RunHistory =>
    new RunHistory(JSON.parse(JSON.stringify(history.entries())) as ReturnType<RunHistory['entries']>);

  test('shows no run that the engine began meanwhile, and counts its next start once', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    expect(totals(history, [ended(3), 2], [ended(3), 2], [startedAt(13), 0], [startedAt(14), 1])).toEqual([1, 1, 2, 3]);
  });

  test('shows none however often the engine began it before it stood still', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    expect(totals(history, [restarting(4), 3], [ended(6), 5], [startedAt(16), 0])).toEqual([1, 1, 2]);
  });

  test('is the same when the engine had no time to begin it', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    expect(totals(history, [ended(2), 1], [startedAt(12), 0])).toEqual([1, 2]);
  });

  test('takes back a run that was seen and not told, never one that was told', () => {
    const seen = crashedTwice();
    hold(seen, startedAt(3), 2, 1);
    expect(totals(seen, [ended(3), 2], [startedAt(13), 0])).toEqual([1, 2]);
    const told = crashedTwice();
    hold(told, startedAt(3), 2, 2);
    expect(totals(told, [ended(3), 2], [startedAt(13), 0])).toEqual([2, 3]);
  });

  test('has run once more when that run did its work before it could be stopped', () => {
    const done = (second: number): ContainerStatus => {
      const config = { ...observedContainer('c', startedAt(0)).config, restart: 'on-failure' as const };
      return observedContainer(
        'c',
        { kind: 'exited', exit: { ...exitAt(second), code: 0 } },
        { restartCount: 2, config },
      );
    };
    const unseen = crashedTwice();
    hold(unseen, restarting(2), 1, 1);
    const seen = crashedTwice();
    hold(seen, startedAt(3), 2, 1);
    for (const history of [unseen, seen]) {
      const look = () => history.note({ containers: [done(3)] }).observed.containers[0]?.restartCount;
      expect([look(), look()]).toEqual([2, 2]);
    }
  });

  test('counts the same when k2d is killed before it saw it stand still, or after', () => {
    const before = crashedTwice();
    hold(before, restarting(2), 1, 1);
    expect(totals(killed(before), [ended(3), 2], [startedAt(13), 0])).toEqual([1, 2]);
    expect(totals(killed(before), [startedAt(13), 0])).toEqual([2]);
    totals(before, [ended(3), 2]);
    expect(totals(killed(before), [ended(3), 2], [startedAt(13), 0])).toEqual([1, 2]);
  });

  test('counts every run of one that was not stopped after all', () => {
    const history = crashedTwice();
    hold(history, startedAt(3), 2, 1);
    expect(totals(killed(history), [startedAt(3), 2], [startedAt(9), 8])).toEqual([2, 8]);
    expect(totals(killed(history), [startedAt(9), 8])).toEqual([8]);
  });

  test('counts one run for each start by the kubelet, also when none was ever seen to run', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    totals(history, [ended(2), 2]);
    const counted = [11, 31, 71].map((second) => {
      history.release('c');
      const seen = totals(history, [restarting(second), 0], [restarting(second + 1), 1]);
      hold(history, restarting(second + 2), 1, 1);
      return [...seen, ...totals(history, [ended(second + 2), 2])];
    });
    expect(counted).toEqual([
      [1, 1, 2],
      [2, 2, 3],
      [3, 3, 4],
    ]);
  });

  test('counts the start by the kubelet when it stands still again before anybody looks', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    totals(history, [ended(3), 2]);
    history.release('c');
    expect(totals(history, [ended(13), 0])).toEqual([2]);
  });

  test('is told to run again by whoever starts it', () => {
    const history = crashedTwice();
    hold(history, restarting(2), 1, 1);
    const released = ([state, restartCount]: [ContainerState, number]) =>
      history.note({ containers: [observedContainer('c', state, { restartCount })] }).begun;
    expect(released([ended(3), 2])).toEqual([]);
    expect(released([startedAt(5), 0])).toEqual(['c']);
    expect(released([startedAt(5), 0])).toEqual([]);
  });
});
