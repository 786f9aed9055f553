import { afterAll, beforeAll } from 'vitest';
import type { TestEngine } from './engines.ts';
import { K2d, type Scenario } from './k2d.ts';

/** A k2d for the cases of this `describe`: started before them on a machine where nothing of it is left, and removed after them. */
export function useK2d(engine: TestEngine, scenario: Scenario): K2d {
  const k2d = new K2d(engine, scenario);
  beforeAll(async () => {
    await k2d.dispose();
    await k2d.start();
  });
  afterAll(() => k2d.dispose());
  return k2d;
}
