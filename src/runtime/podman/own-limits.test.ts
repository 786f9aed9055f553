import { expect, test } from 'vitest';
import { parseLimits } from './own-limits.ts';

const text = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96343                unlimited            processes
Max open files            1024                 20000                files
`;

test('what has bounds is passed on, no more processes than there are numbers for', () => {
  expect(parseLimits(text, 32768)).toEqual([{ type: 'nofile', soft: 1024, hard: 20_000 }]);
  expect(parseLimits(text.replace('unlimited', '96343    '), 32768)).toContainEqual({
    type: 'nproc',
    soft: 32768,
    hard: 32768,
  });
});
