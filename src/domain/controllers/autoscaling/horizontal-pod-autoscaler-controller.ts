import { toTime, type Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import { errorMessage } from '../../meta/error-message.ts';
import { matches, parseSelector, type Selector } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { HorizontalPodAutoscaler, KubernetesObject, Pod } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { horizontalPodAutoscalers } from '../../resources/horizontal-pod-autoscaler.ts';
import type { PodUsage, ReadPodUsage } from '../../resources/pod-usage.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { rescaled, scaleOf } from '../../resources/scale.ts';
import { runController, source } from '../controller.ts';
import type { Requeue } from '../work-queue.ts';
import { decide, type Decision, type Verdict } from './autoscaling-decision.ts';
import { withChange, type ScalingHistory } from './scaling-limits.ts';

export type HorizontalPodAutoscalerControllerOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  readUsage: ReadPodUsage;
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** kube-controller-manager --horizontal-pod-autoscaler-sync-period */
const periodMs = 15_000;

type Status = NonNullable<HorizontalPodAutoscaler['status']>;
type Target = { definition: ResourceDefinition; object: KubernetesObject };

/**
 * Gives targets as many pods as their use of CPU and memory asks for (kubernetes pkg/controller/podautoscaler). Looks every 15 s while there is an
 * autoscaler, and never while there is none.
 */
export function startHorizontalPodAutoscalerController(
  options: HorizontalPodAutoscalerControllerOptions,
): Promise<void> {
  const { registry, logger, signal } = options;
  const histories = new Map<string, ScalingHistory>();
  return runController({
    name: 'horizontal-pod-autoscaler',
    registry,
    logger,
    sources: [
      source(horizontalPodAutoscalers, ({ type, object, previous }) =>
        type !== 'MODIFIED' || !sameJson(object.spec, previous?.spec) ? [formatKey(keyOf(object))] : [],
      ),
    ],
    reconcile: (key) => reconcile(options, histories, key),
    signal,
    concurrency: 1,
  });
}

async function reconcile(
  options: HorizontalPodAutoscalerControllerOptions,
  histories: Map<string, ScalingHistory>,
  key: string,
): Promise<Requeue | void> {
  const { registry, clock, recorder } = options;
  const autoscaler = registry.find(horizontalPodAutoscalers, parseKey(key));
  if (!autoscaler?.spec) return void histories.delete(key);
  const target = targetOf(options, autoscaler);
  if (!target) {
    await tellMissing(options, autoscaler);
    return { afterMs: periodMs };
  }
  const scale = scaleOf(target.definition, target.object);
  const currentReplicas = scale.spec?.replicas ?? 0;
  const selected = podsOf(registry, autoscaler, scale.status?.selector);
  const usage = currentReplicas === 0 ? unmeasured : await usageOf(options, selected);
  const situation = { currentReplicas, pods: selected, usage, now: clock.now() };
  const decision = decide(autoscaler, situation, histories.get(key) ?? { recommendations: [], changes: [] });
  const by = decision.replicas - currentReplicas;
  histories.set(key, decision.history);
  if (by !== 0) {
    await rescale(options, autoscaler, target, decision);
    histories.set(key, withChange(decision.history, situation.now.getTime(), by));
  }
  tellUnknown(recorder, autoscaler, decision);
  await writeStatus(options, autoscaler, { ...decision, currentReplicas, scaled: by !== 0 });
  return { afterMs: periodMs };
}

const unmeasured: ReadonlyMap<string, PodUsage> = new Map();

/** An engine that does not answer leaves everything as it is. */
const usageOf = (
  { readUsage, logger }: HorizontalPodAutoscalerControllerOptions,
  selected: readonly Pod[],
): Promise<ReadonlyMap<string, PodUsage>> =>
  readUsage(selected).catch((error: unknown) => {
    logger.warn({ err: error }, 'cannot measure what pods use');
    return unmeasured;
  });

function targetOf(
  { registry, catalog }: HorizontalPodAutoscalerControllerOptions,
  autoscaler: HorizontalPodAutoscaler,
): Target | undefined {
  const { apiVersion = '', kind, name } = autoscaler.spec!.scaleTargetRef;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const definition = catalog.stored.find(
    (known) => known.kind === kind && known.group === group && known.subresources.includes('scale'),
  );
  const object = definition && registry.find(definition, { namespace: metaOf(autoscaler).namespace ?? '', name });
  return object && { definition, object };
}

/** A target without selector has no pods that anybody could know of. */
function podsOf(registry: Registry, autoscaler: HorizontalPodAutoscaler, selector: string | undefined): Pod[] {
  const parsed: Selector = selector ? parseSelector(selector) : [];
  if (parsed.length === 0) return [];
  return registry.all(pods, metaOf(autoscaler).namespace).filter((pod) => matches(parsed, metaOf(pod).labels));
}

async function rescale(
  { registry, recorder }: HorizontalPodAutoscalerControllerOptions,
  autoscaler: HorizontalPodAutoscaler,
  { definition, object }: Target,
  { replicas, because }: Decision,
): Promise<void> {
  const size = `New size: ${replicas}; reason: ${because}`;
  try {
    await registry.update(definition, keyOf(object), (current) =>
      metaOf(current).uid === metaOf(object).uid ? rescaled(definition, current, { spec: { replicas } }) : current,
    );
  } catch (error) {
    recorder.event(autoscaler, 'Warning', 'FailedRescale', `${size}; error: ${errorMessage(error)}`);
    throw error;
  }
  recorder.event(autoscaler, 'Normal', 'SuccessfulRescale', size);
}

function tellUnknown(recorder: EventRecorder, autoscaler: HorizontalPodAutoscaler, decision: Decision): void {
  const { verdicts, invalid } = decision;
  const unknown = verdicts.find(({ type, reason }) => type === 'ScalingActive' && reason.startsWith('FailedGet'));
  if (unknown) recorder.event(autoscaler, 'Warning', unknown.reason, unknown.message);
  if (invalid) recorder.event(autoscaler, 'Warning', 'FailedComputeMetricsReplicas', invalid);
}

async function tellMissing(
  options: HorizontalPodAutoscalerControllerOptions,
  autoscaler: HorizontalPodAutoscaler,
): Promise<void> {
  const { kind, name } = autoscaler.spec!.scaleTargetRef;
  const message = `${kind} "${name}" not found`;
  options.recorder.event(autoscaler, 'Warning', 'FailedGetScale', message);
  await writeStatus(options, autoscaler, {
    replicas: autoscaler.status?.desiredReplicas ?? 0,
    currentReplicas: autoscaler.status?.currentReplicas ?? 0,
    metrics: undefined,
    scaled: false,
    verdicts: [
      {
        type: 'AbleToScale',
        status: 'False',
        reason: 'FailedGetScale',
        message: `the HPA controller was unable to get the target's current scale: ${message}`,
      },
    ],
  });
}

type Outcome = Pick<Decision, 'replicas' | 'metrics' | 'verdicts'> & { currentReplicas: number; scaled: boolean };

async function writeStatus(
  { registry, clock }: HorizontalPodAutoscalerControllerOptions,
  autoscaler: HorizontalPodAutoscaler,
  outcome: Outcome,
): Promise<void> {
  const now = toTime(clock.now());
  const { verdicts, scaled, metrics, replicas, currentReplicas } = outcome;
  const rescaledVerdict: Verdict = {
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${replicas}`,
  };
  const change = (current: HorizontalPodAutoscaler): HorizontalPodAutoscaler => {
    if (metaOf(current).uid !== metaOf(autoscaler).uid) return current;
    const before: Partial<Status> = current.status ?? {};
    const told = scaled ? [...verdicts.filter(({ type }) => type !== 'AbleToScale'), rescaledVerdict] : verdicts;
    const status: Status = {
      ...before,
      currentReplicas,
      desiredReplicas: replicas,
      ...(metrics ? { currentMetrics: metrics } : {}),
      ...(scaled ? { lastScaleTime: now } : {}),
      conditions: withVerdicts(before.conditions ?? [], told, now),
    };
    return { ...current, status };
  };
  try {
    await registry.update(horizontalPodAutoscalers, keyOf(autoscaler), change, { subresource: 'status' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

type Conditions = NonNullable<Status['conditions']>;

function withVerdicts(conditions: Conditions, verdicts: readonly Verdict[], now: string): Conditions {
  const said = new Set<string>(verdicts.map(({ type }) => type));
  const fresh = verdicts.map((verdict) => {
    const before = conditions.find(({ type }) => type === verdict.type);
    const since = before?.status === verdict.status ? before.lastTransitionTime : undefined;
    return { ...verdict, lastTransitionTime: since ?? now };
  });
  return [...conditions.filter(({ type }) => !said.has(type)), ...fresh];
}
