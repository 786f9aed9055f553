import type { Config } from '../../config.ts';
import { runProgram } from '../../dataplane/nftables/run-program.ts';
import { bridgesNamespace } from '../serve/bridges-namespace.ts';
import { programsIn } from '../../dataplane/nftables/namespace-programs.ts';
import { tableName } from '../../dataplane/nftables/nftables-dataplane.ts';
import type { StatusReport } from './status-report.ts';

/** Whether the kernel holds the table of this instance, where it would be. */
export async function dataPlaneOf(
  config: Pick<Config, 'instance' | 'dataplane'>,
  rootless: boolean,
): Promise<Omit<StatusReport['dataPlane'], 'services'>> {
  const namespace = rootless ? await bridgesNamespace() : undefined;
  if (config.dataplane === 'none' || (rootless && namespace === undefined)) return { kind: 'none', loaded: false };
  const run = namespace === undefined ? runProgram : programsIn(namespace);
  const loaded = await run('nft', ['list', 'table', 'ip', tableName(config.instance)]).then(
    () => true,
    () => false,
  );
  return { kind: 'nftables', loaded };
}
