import { expect, it } from 'vitest';
import { CpuRates } from './cpu-rates.ts';

const noon = Date.parse('2026-03-01T12:00:00Z');
const count = (seconds: number, cpuSeconds: number) => ({
  key: 'node',
  time: new Date(noon + seconds * 1000),
  cpuNanos: cpuSeconds * 1e9,
});

it('goes on from a clock that was set back', () => {
  const rates = new CpuRates();
  rates.note([count(0, 0)]);
  rates.note([count(10, 5)]);
  expect(rates.rate('node')).toEqual({ cpuNanoCores: 0.5e9, windowMs: 10_000 });
  rates.note([count(-3600, 6)]);
  rates.note([count(-3590, 16)]);
  expect(rates.rate('node')).toEqual({ cpuNanoCores: 1e9, windowMs: 10_000 });
});
