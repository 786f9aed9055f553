import { engines } from '../../integration/engines.ts';
import { K2d } from '../../integration/k2d.ts';

/** One k2d for all files that clients of one engine have; the engine is that of the vitest project. */
export function sharedK2d(kind = process.env['K2D_TEST_ENGINES']): K2d {
  const engine = engines.find((one) => one.kind === kind);
  if (!engine) throw new Error(`K2D_TEST_ENGINES names no one engine: ${kind}`);
  return new K2d(engine, 'kubectl');
}
