import { expect, it } from 'vitest';
import type { Pod } from '../../meta/types.ts';
import { mostRefused, pauseAfterRefusals, surplusRefused } from './refused-replicas.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
const refused = (count: number): Pod[] =>
  Array.from({ length: count }, (_, index) => ({ metadata: { name: `p${index}`, creationTimestamp: at(index) } }));

it.each([
  [0, 0, 0],
  [1, 0, 1000],
  [1, 5, 0],
  [3, 2, 4000],
  [3, 5, 1000],
  [mostRefused + 5, 14, 512_000],
])('after %i refusals, at second %i, it is %i ms', (count, second, pause) =>
  expect(pauseAfterRefusals(refused(count), new Date(at(second)))).toBe(pause),
);

it('the oldest go when there are too many', () => {
  expect(surplusRefused(refused(mostRefused))).toEqual([]);
  expect(surplusRefused(refused(mostRefused + 2)).map(({ metadata }) => metadata?.name)).toEqual(['p1', 'p0']);
});
