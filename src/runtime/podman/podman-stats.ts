import type { ContainerStats } from '../../domain/container-runtime/process.ts';
import type { LibpodClient } from './libpod-client.ts';

type LibpodStats = {
  ContainerID: string;
  CPUNano: number;
  MemUsage: number;
  NetInput: number;
  NetOutput: number;
  /** Podman 5. */
  Network?: Record<string, { RxBytes: number; TxBytes: number }> | null;
  PIDs: number;
};

/**
 * One call for all that run, also when few are wanted: asked for one that has gone meanwhile, Podman tells nothing of the others. Its memory counts
 * the cache of files too; it does not tell how much of it could be dropped.
 */
export async function podmanStats(client: LibpodClient, ids: readonly string[]): Promise<ContainerStats[]> {
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  const { Stats } = await client.get<{ Stats: LibpodStats[] | null }>('/containers/stats', {
    query: { stream: false },
  });
  const time = new Date();
  // Podman 4 also tells of those that do not run: nothing but zeros.
  const running = (Stats ?? []).filter(({ ContainerID, CPUNano }) => CPUNano > 0 && wanted.has(ContainerID));
  return running.map((stats) => statsOf(stats, time));
}

const statsOf = (stats: LibpodStats, time: Date): ContainerStats => ({
  id: stats.ContainerID,
  time,
  cpuNanos: stats.CPUNano,
  memoryBytes: stats.MemUsage,
  ...networkOf(stats),
  processes: stats.PIDs,
});

/** Podman 4 looks from outside: its input is what the container has sent. */
function networkOf({ Network, NetInput, NetOutput }: LibpodStats) {
  if (!Network) return { networkRxBytes: NetOutput, networkTxBytes: NetInput };
  const all = Object.values(Network);
  return {
    networkRxBytes: all.reduce((bytes, { RxBytes }) => bytes + RxBytes, 0),
    networkTxBytes: all.reduce((bytes, { TxBytes }) => bytes + TxBytes, 0),
  };
}
