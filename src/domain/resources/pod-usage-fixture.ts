import type { ContainerUsage } from './pod-usage.ts';

/** Of one process that does nothing. */
export const atRest: ContainerUsage = {
  cpuNanoCores: 0,
  cpuNanos: 1,
  memoryBytes: 1,
  networkRxBytes: 0,
  networkTxBytes: 0,
  processes: 1,
};
