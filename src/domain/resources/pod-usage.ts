import type { Pod } from '../meta/types.ts';

/** What a pod's containers use, by their names (metrics.k8s.io PodMetrics). */
export type PodUsage = {
  /** When it was measured; CPU is the mean of `windowMs` before that. */
  time: Date;
  windowMs: number;
  containers: Readonly<Record<string, { cpuNanoCores: number; memoryBytes: number }>>;
};

/** Measures when it is asked. By uid; pods of which a container that should run has no figures are left out. */
export type ReadPodUsage = (pods: readonly Pod[]) => Promise<ReadonlyMap<string, PodUsage>>;
