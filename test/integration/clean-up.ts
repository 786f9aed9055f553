import { removeNetworks, removeRules, removeVolumes } from '../../src/cli/reset/remove-engine-objects.ts';
import { removeWorkloads } from '../../src/cli/reset/remove-workloads.ts';
import { engineOf } from '../../src/cli/engine-of.ts';
import type { Config } from '../../src/config.ts';

/** Removes all that an instance made on the engine and in the kernel, once k2d itself is gone. */
export async function cleanUp(config: Config): Promise<void> {
  const engine = await engineOf(config);
  await removeWorkloads(engine, config.instance);
  await removeVolumes(engine, config.instance);
  await removeNetworks(engine, config.instance);
  await removeRules(config);
}
