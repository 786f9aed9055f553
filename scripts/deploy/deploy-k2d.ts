import { mkdir } from 'node:fs/promises';
import type { Config } from '../../src/config.ts';
import type { Engine } from './engine.ts';
import { hostView } from './host-view.ts';
import { k2dContainer } from './k2d-container.ts';
import { prepareRootless } from './prepare-rootless.ts';
import { waitUntilReady } from './readiness.ts';
import { replaceContainer } from './replace-container.ts';

const READY_TIMEOUT_MS = 60_000;

/**
 * Brings k2d's container on this engine to the configuration and image, and waits until it serves. Answers whether anything had to change; throws with
 * k2d's last words when it does not become ready.
 */
export async function deployK2d(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  engine: Engine,
  image: { name: string; id: string },
): Promise<boolean> {
  await mkdir(config.dataPath, { recursive: true, mode: 0o700 });
  if (engine.rootless) await prepareRootless(config, env, engine);
  const spec = k2dContainer(config, env, engine, image, await hostView());
  const outcome = await replaceContainer(engine.client, spec, (crashes) =>
    waitUntilReady(config.port, config.kubeconfigPath, crashes, AbortSignal.timeout(READY_TIMEOUT_MS)),
  );
  if (outcome.kind === 'failed') {
    const consequence = outcome.restored ? '\nThe version that ran before is running again.' : '';
    throw new Error(`k2d did not become ready. Its last words:\n${outcome.lastLog}${consequence}`);
  }
  return outcome.kind !== 'unchanged';
}
