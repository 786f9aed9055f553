import { describe, expect, it } from 'vitest';
import { median, overhead } from './statistics.ts';

describe('median', () => {
  it.each([
    { values: [7], middle: 7 },
    { values: [10, 9, 1], middle: 9 },
    { values: [4, 100, 1, 2], middle: 3 },
  ])('of $values is $middle', ({ values, middle }) => expect(median(values)).toBe(middle));

  it('does not exist without values', () => expect(() => median([])).toThrow(RangeError));
});

describe('overhead', () => {
  it('compares each pair by itself, so that a time of load does not decide', () => {
    const pairs = [
      { ours: 3, theirs: 2 },
      { ours: 30, theirs: 20 },
      { ours: 8, theirs: 2 },
    ];
    expect(overhead(pairs)).toBe(1.5);
  });
});
