import { expect, it } from 'vitest';
import {
  firstOutside,
  formatIntervals,
  intersection,
  intervalsOf,
  intervalsProblem,
  parseIntervals,
  sizeOf,
  union,
} from './index-intervals.ts';

it.each([
  [[], ''],
  [[3], '3'],
  [[4, 3], '3,4'],
  [[5, 1, 3, 4, 9], '1,3-5,9'],
])('%j is written as %s, and read again', (indexes, text) => {
  expect(formatIntervals(intervalsOf(indexes))).toBe(text);
  expect(parseIntervals(text, 10)).toEqual(intervalsOf(indexes));
});

it('reads what it can, below the number of indexes', () => {
  expect(formatIntervals(parseIntervals('1,x,3-,5-20,30', 10))).toBe('1,5-9');
});

it('joins, compares and counts', () => {
  const [a, b] = [parseIntervals('0-2,6', 10), parseIntervals('2-4,8-9', 10)];
  expect(formatIntervals(union(a, b))).toBe('0-4,6,8,9');
  expect(formatIntervals(intersection(a, b))).toBe('2');
  expect(sizeOf(b)).toBe(5);
  expect(firstOutside(union(a, b), 12, 3)).toEqual([5, 7, 10]);
  expect(firstOutside(union(a, b), 8, 3)).toEqual([5, 7]);
});

it.each([
  ['0,2-3', undefined],
  ['a', 'cannot convert string to integer for index: "a"'],
  ['10', 'too large index: "10"'],
  ['3,2', 'non-increasing order, previous: 3, current: 2'],
  ['3-3', 'non-increasing order, previous: 3, current: 3'],
  [
    '1-2-3',
    'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
  ],
])('%s: %s', (text, problem) => expect(intervalsProblem(text, 10)).toBe(problem));
