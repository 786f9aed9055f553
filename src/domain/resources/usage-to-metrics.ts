import { toTime } from '../meta/clock.ts';
import { goDuration } from '../meta/go-duration.ts';
import { metaOf } from '../meta/object-key.ts';
import { formatQuantity } from '../meta/quantity.ts';
import type { KubernetesObject, Node, Pod, ResourceList } from '../meta/types.ts';
import type { NodeMetrics } from './node-metrics.ts';
import type { NodeUsage } from './node-usage.ts';
import type { PodMetrics } from './pod-metrics.ts';
import type { PodUsage } from './pod-usage.ts';

/** Containers in the order of their names. */
export const podMetricsOf = (pod: Pod, usage: PodUsage): PodMetrics => ({
  apiVersion: 'metrics.k8s.io/v1beta1',
  kind: 'PodMetrics',
  metadata: metadataOf(pod, usage.time),
  ...windowOf(usage),
  containers: Object.entries(usage.containers)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, used]) => ({ name, usage: amounts(used) })),
});

export const nodeMetricsOf = (node: Node, usage: NodeUsage): NodeMetrics => ({
  apiVersion: 'metrics.k8s.io/v1beta1',
  kind: 'NodeMetrics',
  metadata: metadataOf(node, usage.time),
  ...windowOf(usage),
  usage: amounts(usage),
});

/** Whoever selects pods by their labels selects what they use as well. */
function metadataOf(object: KubernetesObject, time: Date): NonNullable<KubernetesObject['metadata']> {
  const { name, namespace, labels } = metaOf(object);
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    creationTimestamp: toTime(time),
    ...(labels === undefined ? {} : { labels }),
  };
}

const windowOf = ({ time, windowMs }: { time: Date; windowMs: number }) => ({
  timestamp: toTime(time),
  window: goDuration(windowMs),
});

const amounts = ({ cpuNanoCores, memoryBytes }: { cpuNanoCores: number; memoryBytes: number }): ResourceList => ({
  cpu: formatQuantity({ nano: BigInt(Math.round(cpuNanoCores)), format: 'DecimalSI' }),
  memory: formatQuantity({ nano: BigInt(Math.round(memoryBytes)) * 10n ** 9n, format: 'BinarySI' }),
});
