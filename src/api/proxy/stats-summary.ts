import { toTime } from '../../domain/meta/clock.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import type { NodeDisk, NodeUsage } from '../../domain/resources/node-usage.ts';
import type { ContainerUsage } from '../../domain/resources/pod-usage.ts';
import type { MeasuredNode, MeasuredPod } from './measured-node.ts';

/** stats.k8s.io/v1alpha1 Summary (k8s.io/kubelet pkg/apis/stats/v1alpha1/types.go): what is not measured is left out. */
export const statsSummary = ({ node, usage, pods }: MeasuredNode): object => ({
  node: { nodeName: metaOf(node).name ?? '', ...(usage ? nodeStats(usage) : {}) },
  pods: pods.map(podStats),
});

function nodeStats(usage: NodeUsage): object {
  const time = toTime(usage.time);
  const { memoryTotalBytes, memoryUsedBytes, memoryBytes, processes, mostProcesses } = usage;
  const availableBytes = memoryTotalBytes - memoryBytes;
  const fs = usage.disk && { time, ...fsStats(usage.disk) };
  return {
    startTime: toTime(usage.startedAt),
    cpu: { time, ...cpuStats(usage) },
    memory: { time, availableBytes, usageBytes: memoryUsedBytes, workingSetBytes: memoryBytes },
    ...(fs ? { fs, runtime: { imageFs: fs, containerFs: fs } } : {}),
    rlimit: { time, maxpid: mostProcesses, curproc: processes },
  };
}

function podStats({ pod, usage }: MeasuredPod): object {
  const { name = '', namespace = '', uid = '' } = metaOf(pod);
  const time = toTime(usage.time);
  const containers = Object.entries(usage.containers);
  const all = containers.map(([, used]) => used);
  const sum = (of: keyof ContainerUsage) => all.reduce((total, used) => total + used[of], 0);
  const [rxBytes, txBytes] = [sum('networkRxBytes'), sum('networkTxBytes')];
  const starts = new Map((pod.status?.containerStatuses ?? []).map((one) => [one.name, one.state?.running?.startedAt]));
  return {
    podRef: { name, namespace, uid },
    startTime: pod.status?.startTime ?? null,
    containers: containers.map(([container, used]) => ({
      name: container,
      startTime: starts.get(container) ?? null,
      cpu: { time, ...cpuStats(used) },
      memory: { time, workingSetBytes: used.memoryBytes },
    })),
    cpu: { time, ...cpuStats({ cpuNanoCores: sum('cpuNanoCores'), cpuNanos: sum('cpuNanos') }) },
    memory: { time, workingSetBytes: sum('memoryBytes') },
    // Of a pod with a sandbox the engine counts at the sandbox, which is none of its containers.
    ...(rxBytes + txBytes === 0 ? {} : { network: { time, name: 'eth0', rxBytes, txBytes } }),
    process_stats: { process_count: sum('processes') },
  };
}

const cpuStats = ({ cpuNanoCores, cpuNanos }: Pick<ContainerUsage, 'cpuNanoCores' | 'cpuNanos'>) => ({
  usageNanoCores: Math.round(cpuNanoCores),
  usageCoreNanoSeconds: cpuNanos,
});

const fsStats = ({ totalBytes, availableBytes, totalInodes, freeInodes }: NodeDisk) => ({
  availableBytes,
  capacityBytes: totalBytes,
  usedBytes: totalBytes - availableBytes,
  inodesFree: freeInodes,
  inodes: totalInodes,
  inodesUsed: totalInodes - freeInodes,
});
