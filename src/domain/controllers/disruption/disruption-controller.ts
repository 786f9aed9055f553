import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject, Pod, PodDisruptionBudget } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { isBudgetOf, withFailure } from '../../resources/disruption.ts';
import { podDisruptionBudgets } from '../../resources/pod-disruption-budget.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { runController, source } from '../controller.ts';
import { controllerScale, UnknownScale } from '../controller-scale.ts';
import { disruptionPlan } from './disruption-plan.ts';
import { followResources } from '../../registry/follow-resources.ts';
import type { Requeue } from '../work-queue.ts';

export type DisruptionControllerOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

const isScaled = ({ subresources, scope }: ResourceDefinition): boolean =>
  scope === 'Namespaced' && subresources.includes('scale');

/** Counts for every PodDisruptionBudget how many of its pods may go (kubernetes pkg/controller/disruption/disruption.go). */
export function startDisruptionController(options: DisruptionControllerOptions): Promise<void> {
  const { registry, catalog, logger, signal } = options;
  const budgetsOf = (...states: (Pod | undefined)[]): string[] => {
    const { namespace = '' } = metaOf(states[0]!);
    return registry
      .all(podDisruptionBudgets, namespace)
      .filter((budget) => states.some((pod) => pod && isBudgetOf(budget, pod)))
      .map((budget) => formatKey(keyOf(budget)));
  };
  const inNamespace = ({ object }: { object: KubernetesObject }): string[] =>
    registry.all(podDisruptionBudgets, metaOf(object).namespace).map((budget) => formatKey(keyOf(budget)));
  return runController({
    name: 'disruption',
    registry,
    logger,
    sources: [
      source(podDisruptionBudgets, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, ({ object, previous }) => budgetsOf(object, previous)),
    ],
    moreSources: (add) =>
      followResources(catalog, (definition) => isScaled(definition) && add(source(definition, inNamespace)), signal),
    reconcile: (key) => count(options, key),
    signal,
    concurrency: 1,
  });
}

async function count(options: DisruptionControllerOptions, key: string): Promise<Requeue | void> {
  const { registry, clock } = options;
  const budget = registry.find(podDisruptionBudgets, parseKey(key));
  if (!budget) return;
  const own = registry.all(pods, metaOf(budget).namespace).filter((pod) => isBudgetOf(budget, pod));
  if (own.length === 0) options.recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
  const { status, recheckAt } = planOf(options, budget, own);
  try {
    await registry.update(
      podDisruptionBudgets,
      keyOf(budget),
      // Somebody who evicted meanwhile has written what was allowed: it is counted again.
      (current) => (sameJson(current.status, budget.status) ? { ...current, status } : current),
      { subresource: 'status' },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return recheckAt === undefined ? undefined : { afterMs: recheckAt - clock.now().getTime() };
}

function planOf(options: DisruptionControllerOptions, budget: PodDisruptionBudget, own: readonly Pod[]) {
  const { registry, catalog, recorder, clock } = options;
  const now = clock.now();
  try {
    return disruptionPlan(budget, { pods: own, now, scale: () => controllerScale(own, registry, catalog) });
  } catch (error) {
    if (!(error instanceof UnknownScale)) throw error;
    recorder.event(
      budget,
      'Warning',
      'CalculateExpectedPodCountFailed',
      `Failed to calculate the number of expected pods: ${error.message}`,
    );
    const status = { ...budget.status!, observedGeneration: metaOf(budget).generation ?? 0 };
    return { status: withFailure(status, error.message, status.observedGeneration, now), recheckAt: undefined };
  }
}
