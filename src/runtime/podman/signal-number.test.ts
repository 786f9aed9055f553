import { expect, test } from 'vitest';
import { signalNumber } from './signal-number.ts';

test.each([
  ['SIGTERM', 15],
  ['term', 15],
  ['9', 9],
  ['SIGRTMIN+3', 37],
  ['SIGRTMAX-1', 63],
  ['RTMIN', 34],
])('%s is %i', (signal, number) => {
  expect(signalNumber(signal)).toBe(number);
});

test.each(['', 'SIGNOTHING', '0', '65', '99999999999', 'SIGRTMIN-1', 'SIGRTMAX+1', 'toString', '-9'])(
  '"%s" is none',
  (signal) => {
    expect(() => signalNumber(signal)).toThrow('is not a signal');
  },
);
