import { expect, it } from 'vitest';
import { FailureBackoff } from './failure-backoff.ts';

it('doubles the pause with each failure, up to a quarter of an hour, and begins anew after a good while', () => {
  const backoff = new FailureBackoff();
  let now = Date.parse('2026-03-01');
  const pauses = Array.from({ length: 13 }, () => {
    expect(backoff.pause('set', now)).toBe(0);
    const pause = backoff.pause('set', now);
    now += pause;
    return pause / 1000;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  now += 1_800_001;
  expect(backoff.pause('set', now)).toBe(0);
  expect(backoff.pause('set', now)).toBe(1000);
});

it('waits no longer because the clock was set back', () => {
  const backoff = new FailureBackoff();
  const [wrong, right] = [Date.parse('2030-01-01'), Date.parse('2026-03-01')];
  expect(backoff.pause('set', wrong)).toBe(0);
  expect(backoff.pause('set', right)).toBe(1000);
  expect(backoff.pause('set', right + 1000)).toBe(0);
});
