import type { ContainerResources } from '../../container-runtime/container.ts';
import { quantityMilli, quantityValue } from '../../meta/quantity.ts';
import type { Container } from '../../meta/types.ts';

/** A kernel's quota is no less than a millisecond of each tenth of a second (kubernetes pkg/kubelet/cm MilliCPUToQuota). */
const leastCpuMillis = 10;

/** Shares as the kubelet computes them from the request (pkg/kubelet/cm MilliCPUToShares: 2 to 262144). */
export function resourcesOf(container: Container): ContainerResources {
  const { limits = {}, requests = {} } = container.resources ?? {};
  const cpuRequest = requests['cpu'] ?? limits['cpu'];
  return {
    ...(limits['memory'] === undefined ? {} : { memoryBytes: quantityValue(limits['memory']) }),
    ...(limits['cpu'] === undefined ? {} : { cpuMillis: Math.max(leastCpuMillis, quantityMilli(limits['cpu'])) }),
    cpuShares:
      cpuRequest === undefined
        ? 2
        : Math.min(262_144, Math.max(2, Math.floor((quantityMilli(cpuRequest) * 1024) / 1000))),
  };
}

type NodeSize = { cpuMillis: number; memoryBytes: number };

/** What the whole node has less of than the container requests; undefined when it could fit. */
export function beyondNode({ resources }: Container, node: NodeSize): string | undefined {
  const { cpu = '0', memory = '0' } = resources?.requests ?? {};
  if (quantityMilli(cpu) > node.cpuMillis) return `Node didn't have enough capacity: cpu, requested: ${cpu}`;
  if (quantityValue(memory) > node.memoryBytes) return `Node didn't have enough capacity: memory, requested: ${memory}`;
  return undefined;
}
