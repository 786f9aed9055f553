import { quantityMilli, quantityValue } from '../../meta/quantity.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { HorizontalPodAutoscaler, Pod } from '../../meta/types.ts';
import type { PodUsage } from '../../resources/pod-usage.ts';
import { isPodReady, isPodTerminating } from '../pod-lifecycle.ts';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']>;
export type Metric = NonNullable<Spec['metrics']>[number];
export type MetricStatus = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

export type Proposal =
  | { kind: 'replicas'; replicas: number; name: string; status: MetricStatus }
  | { kind: 'unknown'; reason: string; message: string };

export type Situation = {
  currentReplicas: number;
  /** Of the target's selector. */
  pods: readonly Pod[];
  usage: ReadonlyMap<string, PodUsage>;
  /** How far from the target is near enough, as a share of it. */
  tolerance: { up: number; down: number };
  now: Date;
};

/** A pod's CPU says little so long after its start, unless it has been ready all along. */
const cpuInitializationMs = 300_000;
const initialReadinessMs = 30_000;

/** Amounts as one number each: millicores, or bytes. */
type Amounts = Map<Pod, number>;

/** How many pods one metric asks for (kubernetes pkg/controller/podautoscaler/replica_calculator.go GetResourceReplicas). */
export function metricProposal(metric: Metric, situation: Situation): Proposal {
  const source =
    metric.type === 'Resource'
      ? metric.resource
      : metric.type === 'ContainerResource'
        ? metric.containerResource
        : undefined;
  const container = metric.type === 'ContainerResource' ? metric.containerResource?.container : undefined;
  if (!source || (source.name !== 'cpu' && source.name !== 'memory')) {
    return unknown(
      metric,
      `k2d measures cpu and memory of pods only, not ${source ? source.name : `metrics of type ${metric.type}`}`,
    );
  }
  const { name, target } = source;
  const groups = groupPods(name, container, situation);
  if (groups.measured.size === 0) {
    return unknown(metric, `unable to get metrics for resource ${name}: no metrics returned from resource metrics API`);
  }
  const requests = target.averageUtilization === undefined ? undefined : requestsOf(name, container, situation.pods);
  if (typeof requests === 'string') return unknown(metric, requests);
  const wanted = target.averageUtilization ?? amountOf(name, target.averageValue ?? '0');
  const replicas = replicasFor(groups, wanted, requests, situation);
  const value = totalOf(groups.measured) / groups.measured.size;
  const current = {
    averageValue: amountText(name, value),
    ...(requests ? { averageUtilization: Math.floor(share(groups.measured, requests)) } : {}),
  };
  const label = `${name} ${container === undefined ? '' : `container `}resource${requests ? ' utilization (percentage of request)' : ''}`;
  const status: MetricStatus =
    container === undefined
      ? { type: 'Resource', resource: { name, current } }
      : { type: 'ContainerResource', containerResource: { name, container, current } };
  return { kind: 'replicas', replicas, name: label, status };
}

const unknown = ({ type }: Metric, message: string): Proposal => ({
  kind: 'unknown',
  reason: `FailedGet${type === 'ContainerResource' ? 'ContainerResource' : type}Metric`,
  message: `failed to get ${type === 'Resource' || type === 'ContainerResource' ? 'resource' : type.toLowerCase()} metric value: ${message}`,
});

const amountOf = (resource: string, text: string): number =>
  resource === 'cpu' ? quantityMilli(text) : quantityValue(text);

const amountText = (resource: string, value: number): string =>
  resource === 'cpu' ? `${Math.ceil(value)}m` : String(Math.ceil(value));

const totalOf = (amounts: Amounts): number => [...amounts.values()].reduce((sum, amount) => sum + amount, 0);

type Groups = { measured: Amounts; unready: Pod[]; missing: Pod[] };

/** groupPods: those that are going or failed do not count; what starts up now may not be what it will be. */
function groupPods(resource: string, container: string | undefined, { pods, usage, now }: Situation): Groups {
  const groups: Groups = { measured: new Map(), unready: [], missing: [] };
  for (const pod of pods) {
    if (isPodTerminating(pod) || pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') continue;
    const measured = usage.get(metaOf(pod).uid ?? '');
    const amount = measured && amountUsed(measured, resource, container);
    if (pod.status?.phase === 'Pending') groups.unready.push(pod);
    else if (amount === undefined) groups.missing.push(pod);
    else if (resource === 'cpu' && startsUp(pod, measured!, now)) groups.unready.push(pod);
    else groups.measured.set(pod, amount);
  }
  return groups;
}

function amountUsed({ containers }: PodUsage, resource: string, container: string | undefined): number | undefined {
  const used =
    container === undefined ? Object.values(containers) : [containers[container]].filter((each) => each !== undefined);
  if (used.length === 0) return undefined;
  return used.reduce((sum, each) => sum + (resource === 'cpu' ? each.cpuNanoCores / 1e6 : each.memoryBytes), 0);
}

function startsUp(pod: Pod, { time, windowMs }: PodUsage, now: Date): boolean {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const startedAt = Date.parse(pod.status?.startTime ?? '');
  const changedAt = Date.parse(ready?.lastTransitionTime ?? '');
  if (!ready || Number.isNaN(startedAt)) return true;
  if (startedAt + cpuInitializationMs > now.getTime()) {
    return !isPodReady(pod) || time.getTime() < changedAt + windowMs;
  }
  return !isPodReady(pod) && startedAt + initialReadinessMs > changedAt;
}

/** Of every pod, or what is missing in words. */
function requestsOf(resource: string, container: string | undefined, pods: readonly Pod[]): Amounts | string {
  const requests: Amounts = new Map();
  for (const pod of pods) {
    let sum = 0;
    const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
    for (const { name, resources } of [...(pod.spec?.containers ?? []), ...sidecars]) {
      if (container !== undefined && name !== container) continue;
      const text = resources?.requests?.[resource];
      if (text === undefined)
        return `failed to get ${resource} utilization: missing request for ${resource} in container ${name} of Pod ${metaOf(pod).name}`;
      sum += amountOf(resource, text);
    }
    requests.set(pod, sum);
  }
  return requests;
}

/** Percent of what the measured pods ask for. */
const share = (used: Amounts, requests: Amounts): number =>
  (totalOf(used) * 100) / [...used.keys()].reduce((sum, pod) => sum + (requests.get(pod) ?? 0), 0);

/** `wanted`: percent with requests, else an amount a pod. */
function replicasFor(
  { measured, unready, missing }: Groups,
  wanted: number,
  requests: Amounts | undefined,
  { currentReplicas, tolerance }: Situation,
): number {
  const ratioOf = (used: Amounts) => (requests ? share(used, requests) : totalOf(used) / used.size) / wanted;
  const isNear = (ratio: number) => ratio >= 1 - tolerance.down && ratio <= 1 + tolerance.up;
  const ratio = ratioOf(measured);
  const growsWithUnready = unready.length > 0 && ratio > 1;
  if (!growsWithUnready && missing.length === 0) {
    return isNear(ratio) ? currentReplicas : Math.ceil(ratio * measured.size);
  }
  if (ratio === 1) return currentReplicas;
  // Who says nothing counts against what the others ask for: as if at the target when shrinking, idle when growing.
  const guessed = new Map(measured);
  const atTarget = (pod: Pod) => (requests ? ((requests.get(pod) ?? 0) * Math.max(100, wanted)) / 100 : wanted);
  for (const pod of missing) guessed.set(pod, ratio < 1 ? atTarget(pod) : 0);
  if (growsWithUnready) for (const pod of unready) guessed.set(pod, 0);
  const cautious = ratioOf(guessed);
  if (isNear(cautious) || (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1)) return currentReplicas;
  const replicas = Math.ceil(cautious * guessed.size);
  const turnsBack = (cautious < 1 && replicas > currentReplicas) || (cautious > 1 && replicas < currentReplicas);
  return turnsBack ? currentReplicas : replicas;
}
