import type { Pod } from '../meta/types.ts';

/** What one container uses. */
export type ContainerUsage = {
  /** The mean of the pod's `windowMs`. */
  cpuNanoCores: number;
  /** Since it was started. */
  cpuNanos: number;
  /** Working set. */
  memoryBytes: number;
  /** Of the network that it is the first one in: zeros for the other containers of a pod. */
  networkRxBytes: number;
  networkTxBytes: number;
  processes: number;
};

/** What a pod's containers use, by their names (metrics.k8s.io PodMetrics). */
export type PodUsage = {
  /** When it was measured; CPU is the mean of `windowMs` before that. */
  time: Date;
  windowMs: number;
  containers: Readonly<Record<string, ContainerUsage>>;
};

/** Measures when it is asked. By uid; pods of which a container that should run has no figures are left out. */
export type ReadPodUsage = (pods: readonly Pod[]) => Promise<ReadonlyMap<string, PodUsage>>;
