import type { Clock } from '../../meta/clock.ts';
import { fromLabelSelector, matches } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { isRefused } from '../../resources/refused-pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { runController, source } from '../controller.ts';
import { claim } from '../controller-claims.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { controllerNameOf, isControlledBy } from '../owner-references.ts';
import { performReplicaSetPlan } from './perform-replicaset-plan.ts';
import { isPodActive, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { nextAvailabilityMs, replicaSetStatus, type OwnedPods, type ReplicaFailure } from './replicaset-status.ts';
import { planReplicas } from './replicaset-plan.ts';
import type { Requeue } from '../work-queue.ts';

export type ReplicaSetControllerOptions = {
  registry: Registry;
  /** component `replicaset-controller`. */
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Keeps as many pods as each ReplicaSet asks for (kubernetes pkg/controller/replicaset). Needs no expectations: what it has
 * written it reads back at once, and a set is never worked on twice at a time.
 */
export function startReplicaSetController(options: ReplicaSetControllerOptions): Promise<void> {
  const { registry } = options;
  return runController({
    name: 'replicaset-controller',
    registry,
    logger: options.logger,
    sources: [
      source(replicaSets, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, (event) => replicaSetsOfPod(registry, event)),
    ],
    reconcile: (key) => reconcile(options, key),
    signal: options.signal,
    concurrency: 4,
  });
}

/** The set that controls the pod, now or before the change; for a pod without controller, every set that could adopt it. */
function replicaSetsOfPod(registry: Registry, { object, previous }: ChangeEvent<Pod>): string[] {
  const { namespace = '' } = metaOf(object);
  const names = [object, ...(previous ? [previous] : [])].map((pod) => controllerNameOf(pod, replicaSets));
  const keys = names.filter((name) => name !== undefined).map((name) => formatKey({ namespace, name }));
  if (controllerOf(object)) return keys;
  const adopters = registry.all(replicaSets, namespace).filter((set) => selects(set, object));
  return [...keys, ...adopters.map((set) => formatKey(keyOf(set)))];
}

const selects = ({ spec }: ReplicaSet, pod: Pod): boolean => {
  const selector = fromLabelSelector(spec?.selector);
  return selector !== undefined && selector.length > 0 && matches(selector, metaOf(pod).labels);
};

async function reconcile(options: ReplicaSetControllerOptions, key: string): Promise<Requeue | void> {
  const { registry, clock } = options;
  const replicaSet = registry.find(replicaSets, parseKey(key));
  if (!replicaSet) return;
  const claimed = await claimPods(registry, replicaSet);
  const refused = registry
    .all(pods, metaOf(replicaSet).namespace)
    .filter((pod) => isRefused(pod) && !isPodTerminating(pod) && isControlledBy(pod, replicaSet));
  const plan = planReplicas(replicaSet, claimed, refused, clock.now());
  const failure = await performReplicaSetPlan(options, replicaSet, plan);
  const owned = registry
    .all(pods, metaOf(replicaSet).namespace)
    .filter((pod) => isControlledBy(pod, replicaSet) && !isForeign(pod));
  const left = owned.filter(isPodActive);
  const terminating = owned.filter((pod) => isPodTerminating(pod) && !isPodTerminal(pod) && selects(replicaSet, pod));
  await writeStatus(options, replicaSet, { active: left, terminating: terminating.length }, failure?.condition);
  if (failure && !isNamespaceTerminating(failure.cause)) throw failure.cause;
  const later = [nextAvailabilityMs(replicaSet, left, clock.now()), plan.againInMs].filter((ms) => ms !== undefined);
  if (later.length > 0) return { afterMs: Math.min(...later) };
}

const activePods = (registry: Registry, replicaSet: ReplicaSet): Pod[] =>
  registry.all(pods, metaOf(replicaSet).namespace).filter((pod) => isPodActive(pod) && !isForeign(pod));

const claimPods = (registry: Registry, replicaSet: ReplicaSet): Promise<Pod[]> =>
  claim({
    registry,
    owners: replicaSets,
    owner: replicaSet,
    definition: pods,
    selector: fromLabelSelector(replicaSet.spec?.selector) ?? [],
    candidates: activePods(registry, replicaSet),
  });

async function writeStatus(
  { registry, clock }: ReplicaSetControllerOptions,
  replicaSet: ReplicaSet,
  owned: OwnedPods,
  failure: ReplicaFailure | undefined,
): Promise<void> {
  const status = replicaSetStatus(replicaSet, owned, failure, clock.now());
  try {
    await registry.update(
      replicaSets,
      keyOf(replicaSet),
      (current) => (metaOf(current).uid === metaOf(replicaSet).uid ? { ...current, status } : current),
      { subresource: 'status' },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
