import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import { fromLabelSelector, matches, type Selector } from '../../meta/label-selector.ts';
import type { Logger } from '../../meta/logger.ts';
import { controllerOf, formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Deployment, Pod, ReplicaSet } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { deployments } from '../../resources/deployment.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { updateAllowedOf, updateWindowOf } from '../../resources/update-permission.ts';
import { runController, source } from '../controller.ts';
import { claim } from '../controller-claims.ts';
import {
  automaticRollback,
  isNoteStale,
  performRollback,
  rolledBackFromAnnotation,
  rolledBackToAnnotation,
} from './automatic-rollback.ts';
import { progressDeadlineAt, type DeploymentStatus } from './deployment-conditions.ts';
import { planDeployment } from './deployment-plan.ts';
import { revisionAnnotation, revisionOf, revisionsOf, type Revisions } from './deployment-revisions.ts';
import { deploymentStatus, type StatusInput } from './deployment-status.ts';
import { performDeploymentPlan } from './perform-deployment-plan.ts';
import { stopsBeforeStart } from './stops-before-start.ts';
import { isNamespaceTerminating } from '../namespace-terminating.ts';
import { controllerNameOf, isControlledBy, ownerNamesOf } from '../owner-references.ts';
import { isPodTerminal } from '../pod-lifecycle.ts';
import { imagesAheadInMs, type PullAhead } from '../updates/images-ahead.ts';
import { postponement } from '../updates/update-postponement.ts';
import type { Requeue } from '../work-queue.ts';

export type DeploymentControllerOptions = {
  registry: Registry;
  /** component `deployment-controller`. */
  recorder: EventRecorder;
  pullAhead: PullAhead;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/** Rolls ReplicaSets over from one pod template to the next (kubernetes pkg/controller/deployment). */
export function startDeploymentController(options: DeploymentControllerOptions): Promise<void> {
  const { registry } = options;
  return runController({
    name: 'deployment-controller',
    registry,
    logger: options.logger,
    sources: [
      source(deployments, ({ object }) => [formatKey(keyOf(object))]),
      source(replicaSets, (event) => deploymentsOfSet(registry, event)),
      source(pods, (event) => deploymentsOfPod(registry, event)),
    ],
    reconcile: (key) => reconcile(options, key),
    signal: options.signal,
    concurrency: 4,
  });
}

/** The Deployment that controls the set, now or before the change; for a set without controller, all that could adopt it. */
function deploymentsOfSet(registry: Registry, event: ChangeEvent<ReplicaSet>): string[] {
  const { object } = event;
  const { namespace = '' } = metaOf(object);
  const keys = ownerNamesOf(event, deployments).map((name) => formatKey({ namespace, name }));
  if (controllerOf(object)) return keys;
  const adopters = registry.all(deployments, namespace).filter((deployment) => {
    const selector = selectorOf(deployment);
    return selector.length > 0 && matches(selector, metaOf(object).labels);
  });
  return [...keys, ...adopters.map((deployment) => formatKey(keyOf(deployment)))];
}

const selectorOf = ({ spec }: Deployment): Selector => fromLabelSelector(spec?.selector) ?? [];

/** Recreate waits for the last old pod, whose end no ReplicaSet tells of; an update for what its pods say. */
function deploymentsOfPod(registry: Registry, { type, object, previous }: ChangeEvent<Pod>): string[] {
  const hasEnded = type === 'DELETED' || isPodTerminal(object);
  if (!hasEnded && (!previous || sameJson(permissionOf(object), permissionOf(previous)))) return [];
  const { namespace = '' } = metaOf(object);
  const setName = controllerNameOf(object, replicaSets);
  const set = setName === undefined ? undefined : registry.find(replicaSets, { namespace, name: setName });
  const name = set && controllerNameOf(set, deployments);
  return name === undefined ? [] : [formatKey({ namespace, name })];
}

const permissionOf = (pod: Pod) => [updateWindowOf(pod), updateAllowedOf(pod)?.status];

async function reconcile(options: DeploymentControllerOptions, key: string): Promise<Requeue | void> {
  const { registry, clock } = options;
  const deployment = registry.find(deployments, parseKey(key));
  if (!deployment) return;
  if (selectorOf(deployment).length === 0) return refuseToSelectAll(options, deployment);
  const revisions = revisionsOf(deployment, await claimSets(registry, deployment));
  const isGoing = metaOf(deployment).deletionTimestamp !== undefined;
  const rollback = isGoing || deployment.spec?.paused ? undefined : automaticRollback(deployment, revisions);
  if (rollback) return performRollback(options, deployment, rollback);
  const oldPods = podsOfOldSets(registry, deployment, revisions);
  const postponed = isGoing ? undefined : postponement(deployment, oldPods);
  const planned = isGoing
    ? []
    : planDeployment(deployment, revisions, {
        run: deployment.spec?.strategy?.type === 'Recreate' && oldPods.length > 0,
        mayNotStop: postponed !== undefined,
      });
  const asks = postponed !== undefined || stopsBeforeStart(deployment, revisions, planned);
  const imagesInMs = asks ? await imagesAheadInMs(options.pullAhead, deployment) : undefined;
  const steps = imagesInMs === undefined || postponed ? planned : [];
  const { outcome, collisionCount, error } = await performDeploymentPlan(options, deployment, steps);
  const after = revisionsOf(deployment, ownSets(registry, deployment));
  const rolling = !isGoing && !deployment.spec?.paused && !postponed && outcome.kind !== 'failed';
  const status = await writeStatus(options, {
    deployment,
    revisions: after,
    outcome,
    rolling,
    postponed,
    collisionCount,
    now: clock.now(),
  });
  if (error && !isNamespaceTerminating(error)) throw error;
  const deadline = rolling ? untilDeadline(deployment, status, clock) : undefined;
  return imagesInMs === undefined ? deadline : { afterMs: Math.min(imagesInMs, deadline?.afterMs ?? Infinity) };
}

function refuseToSelectAll({ recorder }: DeploymentControllerOptions, deployment: Deployment): void {
  const message = 'This deployment is selecting all pods. A non-empty selector is required.';
  recorder.event(deployment, 'Warning', 'SelectingAll', message);
}

const claimSets = (registry: Registry, deployment: Deployment): Promise<ReplicaSet[]> =>
  claim({
    registry,
    owners: deployments,
    owner: deployment,
    definition: replicaSets,
    selector: selectorOf(deployment),
    candidates: registry.all(replicaSets, metaOf(deployment).namespace),
  });

const ownSets = (registry: Registry, deployment: Deployment): ReplicaSet[] =>
  registry.all(replicaSets, metaOf(deployment).namespace).filter((set) => isControlledBy(set, deployment));

/** kubernetes pkg/controller/deployment/recreate.go oldPodsRunning: pods that are being deleted still run. */
const podsOfOldSets = (registry: Registry, deployment: Deployment, { oldSets }: Revisions): Pod[] =>
  oldSets.length === 0
    ? []
    : registry
        .all(pods, metaOf(deployment).namespace)
        .filter((pod) => !isPodTerminal(pod) && oldSets.some((set) => isControlledBy(pod, set)));

async function writeStatus(
  { registry }: DeploymentControllerOptions,
  input: StatusInput,
): Promise<DeploymentStatus | undefined> {
  const { deployment, revisions } = input;
  const status = deploymentStatus(input);
  try {
    const written = await registry.update(
      deployments,
      keyOf(deployment),
      (current) =>
        metaOf(current).uid === metaOf(deployment).uid
          ? {
              ...current,
              metadata: { ...metaOf(current), annotations: annotationsAfter(current, revisions) },
              status,
            }
          : current,
      { subresource: 'status' },
    );
    return written.status;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The present revision; and no note of a rollback that is history. */
function annotationsAfter(deployment: Deployment, revisions: Revisions): Record<string, string> {
  const { annotations = {} } = metaOf(deployment);
  const { [rolledBackFromAnnotation]: _from, [rolledBackToAnnotation]: _to, ...others } = annotations;
  const revision = revisionOf(revisions.newSet);
  return {
    ...(isNoteStale(deployment, revisions) ? others : annotations),
    ...(revision === 0 ? {} : { [revisionAnnotation]: String(revision) }),
  };
}

/** No event tells that nothing happened, so the queue does (kubernetes pkg/controller/deployment/progress.go requeueStuckDeployment). */
function untilDeadline(
  deployment: Deployment,
  status: DeploymentStatus | undefined,
  clock: Clock,
): Requeue | undefined {
  const deadline = progressDeadlineAt(deployment, status?.conditions ?? []);
  return deadline === undefined ? undefined : { afterMs: Math.max(0, deadline - clock.now().getTime()) + 1000 };
}
