import { expect, it, vi } from 'vitest';
import { TimeBudget } from './time-budget.ts';

const untilStopped = (signal: AbortSignal) =>
  new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')));

it('stops work when its own time is over, or that of all', async () => {
  vi.useFakeTimers();
  try {
    const budget = new TimeBudget(Date.now, 5000);
    const first = budget.run(3, untilStopped);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await first).toBe('stopped');
    budget.check();
    const second = budget.run(3, untilStopped);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await second).toBe('stopped');
    expect(() => budget.check()).toThrow('Timeout: request did not complete within requested timeout');
  } finally {
    vi.useRealTimers();
  }
});

it('leaves no timer behind', async () => {
  vi.useFakeTimers();
  try {
    expect(await new TimeBudget(Date.now).run(3, async (signal) => signal.aborted)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
