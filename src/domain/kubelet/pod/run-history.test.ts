import { expect, test } from 'vitest';
import type { ContainerState } from '../../container-runtime/container.ts';
import { observedContainer } from './observed-fixture.ts';
import { RunHistory } from './run-history.ts';

const startedAt = (second: number): ContainerState => ({ kind: 'running', startedAt: new Date(second * 1000) });
const restarting = (second: number): ContainerState => ({
  kind: 'restarting',
  exit: {
    code: 1,
    oomKilled: false,
    error: '',
    startedAt: new Date(second * 1000),
    finishedAt: new Date(second * 1000 + 1),
  },
});

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
