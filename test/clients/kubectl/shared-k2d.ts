import { engines } from '../../integration/engines.ts';
import { K2d } from '../../integration/k2d.ts';

/** One k2d on one engine for all files of this folder: what clients see of the API does not depend on the engine. */
export function sharedK2d(): K2d {
  const [engine] = engines;
  if (!engine) throw new Error('K2D_TEST_ENGINES names no engine');
  return new K2d(engine, 'kubectl');
}
