import { afterAll, afterEach, beforeAll } from 'vitest';
import { engineCli } from './engine-cli.ts';
import type { TestEngine } from './engines.ts';
import { K2d } from './k2d.ts';

/**
 * A k2d for the cases of this `describe`: started before them on a machine where nothing of it is left, and removed after them. Its
 * last words are printed below a case that fails, for they go with it.
 */
export function useK2d(engine: TestEngine, scenario: string, settings?: Readonly<Record<string, string>>): K2d {
  const k2d = new K2d(engine, scenario, settings);
  beforeAll(async () => {
    await k2d.dispose();
    await k2d.start();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    console.log(await engineCli(engine, 'logs', '--tail', '20', k2d.config.instance).catch(String));
  });
  afterAll(() => k2d.dispose());
  return k2d;
}
