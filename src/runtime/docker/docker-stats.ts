import type { Container, ContainerStats as DockerStats } from 'dockerode';
import type { ContainerStats } from '../../domain/container-runtime/process.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { isEngineName } from './engine-name.ts';

/** Each takes the engine 0.1 s, most of it waiting. */
const MAX_AT_ONCE = 4;

/** Docker tells one container at a time. */
export async function dockerStats(engine: DockerEngine, ids: readonly string[]): Promise<ContainerStats[]> {
  const left = ids.filter(isEngineName).values();
  const found: ContainerStats[] = [];
  const worker = async () => {
    for (const id of left) {
      const stats = await orGone(engine.call((docker, abortSignal) => oneShot(docker.getContainer(id), abortSignal)));
      const read = stats && statsOf(id, stats);
      if (read) found.push(read);
    }
  };
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, worker));
  return found;
}

/** Without `one-shot` Docker measures for a second; dockerode's types know neither that nor the signal. */
const oneShot = (container: Container, abortSignal: AbortSignal): Promise<DockerStats> => {
  const options = { stream: false, 'one-shot': true, abortSignal } as const;
  return container.stats(options);
};

/** Undefined for one that does not run: of that everything is zero or missing, `memory_stats` too when it ends meanwhile. */
function statsOf(id: string, { read, cpu_stats, memory_stats, networks, pids_stats }: Partial<DockerStats>) {
  const { usage, stats } = memory_stats ?? {};
  if (read === undefined || usage === undefined || !cpu_stats?.cpu_usage) return undefined;
  // The first is cgroup version 1, the second 2.
  const inactiveFile = stats?.total_inactive_file ?? (stats as { inactive_file?: number } | undefined)?.inactive_file;
  const all = Object.values<{ rx_bytes: number; tx_bytes: number } | undefined>(networks ?? {});
  const sum = (of: 'rx_bytes' | 'tx_bytes') => all.reduce((bytes, network) => bytes + (network?.[of] ?? 0), 0);
  return {
    id,
    time: new Date(read),
    cpuNanos: cpu_stats.cpu_usage.total_usage,
    memoryBytes: Math.max(0, usage - (inactiveFile ?? 0)),
    networkRxBytes: sum('rx_bytes'),
    networkTxBytes: sum('tx_bytes'),
    processes: pids_stats?.current ?? 0,
  };
}
