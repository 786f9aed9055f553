import type { Clock } from '../../meta/clock.ts';
import { matches } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { pods } from '../../resources/pod.ts';
import { isRefused } from '../../resources/refused-pod.ts';
import { runController, source } from '../controller.ts';
import { claim } from '../controller-claims.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { isControlledBy, ownerNamesOf } from '../owner-references.ts';
import { isPodActive, isPodTerminal, isPodTerminating, nextAvailabilityMs } from '../pod-lifecycle.ts';
import type { Requeue } from '../work-queue.ts';
import { writeStatus } from '../write-status.ts';
import { performReplicaSetPlan } from './perform-replicaset-plan.ts';
import { planReplicas } from './replicaset-plan.ts';
import { replicaSetStatus, type OwnedPods } from './replicaset-status.ts';
import type { Replicated, ReplicatedKind } from './replicated.ts';

export type ReplicasControllerOptions = {
  registry: Registry;
  /** component: the controller's name. */
  recorder: EventRecorder;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Keeps as many pods as each object of a kind asks for (kubernetes pkg/controller/replicaset). Needs no expectations: what it has
 * written it reads back at once, and an object is never worked on twice at a time.
 */
export function startReplicasController<T extends Replicated>(
  kind: ReplicatedKind<T>,
  options: ReplicasControllerOptions,
): Promise<void> {
  const { registry } = options;
  return runController({
    name: kind.controllerName,
    registry,
    logger: options.logger,
    sources: [
      source(kind.definition, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, (event) => ownersOfPod(kind, registry, event)),
    ],
    reconcile: (key) => reconcile(kind, options, key),
    signal: options.signal,
    concurrency: 4,
  });
}

/** Who controls the pod, now or before the change; for a pod without controller, everyone who could adopt it. */
function ownersOfPod<T extends Replicated>(
  { definition, selectorOf }: ReplicatedKind<T>,
  registry: Registry,
  event: ChangeEvent<Pod>,
): string[] {
  const { namespace = '' } = metaOf(event.object);
  const keys = ownerNamesOf(event, definition).map((name) => formatKey({ namespace, name }));
  if (controllerOf(event.object)) return keys;
  const adopters = registry.all(definition, namespace).filter((owner) => {
    const selector = selectorOf(owner);
    return selector.length > 0 && matches(selector, metaOf(event.object).labels);
  });
  return [...keys, ...adopters.map((owner) => formatKey(keyOf(owner)))];
}

async function reconcile<T extends Replicated>(
  kind: ReplicatedKind<T>,
  options: ReplicasControllerOptions,
  key: string,
): Promise<Requeue | void> {
  const { registry, clock } = options;
  const { definition } = kind;
  const owner = registry.find(definition, parseKey(key));
  if (!owner) return;
  const claimed = await claimPods(kind, registry, owner);
  const refused = registry
    .all(pods, metaOf(owner).namespace)
    .filter((pod) => isRefused(pod) && !isPodTerminating(pod) && isControlledBy(pod, owner));
  const plan = planReplicas(owner, claimed, refused, clock.now());
  const failure = await performReplicaSetPlan(options, kind, owner, plan);
  const { active: left, ...owned } = ownedPods(kind, registry, owner);
  const status = replicaSetStatus(owner, { active: left, ...owned }, failure?.condition, clock.now());
  await writeStatus(registry, definition, owner, status);
  if (failure && !isNamespaceTerminating(failure.cause)) throw failure.cause;
  const available = nextAvailabilityMs(left, owner.spec?.minReadySeconds ?? 0, clock.now());
  const later = [available, plan.againInMs].filter((ms) => ms !== undefined);
  if (later.length > 0) return { afterMs: Math.min(...later) };
}

function ownedPods<T extends Replicated>(
  { selectorOf, countsTerminating }: ReplicatedKind<T>,
  registry: Registry,
  owner: T,
): OwnedPods {
  const owned = registry
    .all(pods, metaOf(owner).namespace)
    .filter((pod) => isControlledBy(pod, owner) && !isForeign(pod));
  const active = owned.filter(isPodActive);
  if (!countsTerminating) return { active };
  const isGoing = (pod: Pod) => isPodTerminating(pod) && !isPodTerminal(pod);
  const going = owned.filter((pod) => isGoing(pod) && matches(selectorOf(owner), metaOf(pod).labels));
  return { active, terminating: going.length };
}

const activePods = (registry: Registry, owner: Replicated): Pod[] =>
  registry.all(pods, metaOf(owner).namespace).filter((pod) => isPodActive(pod) && !isForeign(pod));

const claimPods = <T extends Replicated>(
  { definition, selectorOf }: ReplicatedKind<T>,
  registry: Registry,
  owner: T,
): Promise<Pod[]> =>
  claim({
    registry,
    owners: definition,
    owner,
    definition: pods,
    selector: selectorOf(owner),
    candidates: activePods(registry, owner),
  });
