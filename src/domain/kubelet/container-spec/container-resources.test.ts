import { expect, test } from 'vitest';
import { resourcesOf } from './container-resources.ts';

test.each([
  ['250m', 250],
  ['10m', 10],
  ['5m', 10],
])('a limit of %s CPU is %i thousandths of a core on the engine', (cpu, cpuMillis) => {
  expect(resourcesOf({ name: 'c', resources: { limits: { cpu } } }).cpuMillis).toBe(cpuMillis);
});
