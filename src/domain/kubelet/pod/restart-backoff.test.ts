import { describe, expect, it } from 'vitest';
import { RestartBackoff } from './restart-backoff.ts';

describe('RestartBackoff', () => {
  it('lets the first restart happen at once and doubles the pause up to five minutes', () => {
    const backoff = new RestartBackoff();
    const pauses = Array.from({ length: 8 }, (_, i) => {
      const finishedAt = (i + 1) * 1_000_000;
      backoff.noteExit('c', finishedAt, 1000);
      return ((backoff.heldUntil('c', finishedAt) ?? finishedAt) - finishedAt) / 1000;
    });
    expect(pauses).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('counts one end of a run once, however often it is told', () => {
    const backoff = new RestartBackoff();
    for (let i = 0; i < 5; i++) backoff.noteExit('c', 1000, 10);
    expect(backoff.heldUntil('c', 1000)).toBeUndefined();
  });

  it('does not wait for a time that only a wrong clock showed', () => {
    const backoff = new RestartBackoff();
    const [wrong, right] = [Date.parse('2030-01-01'), Date.parse('2026-03-01')];
    for (let i = 0; i < 5; i++) backoff.noteExit('c', wrong + i * 1000, 10);
    expect(backoff.heldUntil('c', wrong)).toBeGreaterThan(wrong);
    expect(backoff.heldUntil('c', right)).toBeUndefined();
  });

  it('begins anew after a healthy run', () => {
    const backoff = new RestartBackoff();
    for (let i = 1; i < 5; i++) backoff.noteExit('c', i * 1000, 10);
    backoff.noteExit('c', 10_000_000, 600_000);
    expect(backoff.heldUntil('c', 10_000_000)).toBeUndefined();
  });
});
