import { metaOf } from '../../domain/meta/object-key.ts';
import type { ContainerUsage } from '../../domain/resources/pod-usage.ts';
import { labelText, type MetricFamily, type Sample } from '../metrics/exposition.ts';
import type { MeasuredNode, MeasuredPod } from './measured-node.ts';

/** Under the names of kubernetes pkg/kubelet/metrics/collectors/resource_metrics.go. */
export function resourceMetrics({ usage, pods }: MeasuredNode): MetricFamily[] {
  const ofNode = (value: number | undefined): Sample[] => (value === undefined ? [] : [{ labels: '', value }]);
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time consumed by the container in core-seconds',
      containerSamples(pods, cpuSeconds),
    ),
    gauge(
      'container_memory_working_set_bytes',
      'Current working set of the container in bytes',
      containerSamples(pods, memory),
    ),
    counter(
      'node_cpu_usage_seconds_total',
      'Cumulative cpu time consumed by the node in core-seconds',
      ofNode(usage && usage.cpuNanos / 1e9),
    ),
    gauge('node_memory_working_set_bytes', 'Current working set of the node in bytes', ofNode(usage?.memoryBytes)),
    counter(
      'pod_cpu_usage_seconds_total',
      'Cumulative cpu time consumed by the pod in core-seconds',
      podSamples(pods, cpuSeconds),
    ),
    gauge('pod_memory_working_set_bytes', 'Current working set of the pod in bytes', podSamples(pods, memory)),
    gauge(
      'resource_scrape_error',
      '1 if there was an error while getting container metrics, 0 otherwise',
      ofNode(usage ? 0 : 1),
    ),
  ];
}

const family =
  (type: MetricFamily['type']) =>
  (name: string, help: string, samples: Sample[]): MetricFamily => ({ name, help, type, samples });
const counter = family('counter');
const gauge = family('gauge');

type Figure = (used: ContainerUsage) => number;

const cpuSeconds: Figure = ({ cpuNanos }) => cpuNanos / 1e9;
const memory: Figure = ({ memoryBytes }) => memoryBytes;

const containerSamples = (pods: readonly MeasuredPod[], figure: Figure): Sample[] =>
  pods.flatMap(({ pod, usage }) =>
    Object.entries(usage.containers).map(([container, used]) => ({
      labels: labelText({ container, ...namesOf(pod) }),
      value: figure(used),
    })),
  );

const podSamples = (pods: readonly MeasuredPod[], figure: Figure): Sample[] =>
  pods.map(({ pod, usage }) => ({
    labels: labelText(namesOf(pod)),
    value: Object.values(usage.containers).reduce((sum, used) => sum + figure(used), 0),
  }));

function namesOf(pod: MeasuredPod['pod']) {
  const { namespace = '', name = '' } = metaOf(pod);
  return { namespace, pod: name };
}
