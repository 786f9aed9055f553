import { sameJson } from '../../meta/deep-equal.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { availableOf, isActiveSet, revisionOf, sizeOf, type Revisions } from './deployment-revisions.ts';
import { desiredWhenScaled, maxTotalWhenScaled, newReplicaSet, newSetAnnotations } from './new-replica-set.ts';
import { scaleProportionally, type Sizing } from './proportional-scaling.ts';
import { newSetSize, planRollingUpdate } from './rolling-update.ts';
import { rolloutBounds } from './rollout-bounds.ts';

export type DeploymentStep =
  | { do: 'create'; replicaSet: ReplicaSet }
  | { do: 'describe'; replicaSet: ReplicaSet; annotations: Record<string, string>; minReadySeconds: number | undefined }
  | { do: 'scale'; replicaSet: ReplicaSet; replicas: number }
  | { do: 'delete'; replicaSet: ReplicaSet };

export type OldPods = {
  /** Of former versions some still run: matters to Recreate only. */
  run: boolean;
  /** None of them may be stopped now for the sake of an update. */
  mayNotStop: boolean;
};

/**
 * What to do next for a Deployment, and no more than may be done at once: after the steps it is asked again.
 * (kubernetes pkg/controller/deployment/deployment_controller.go syncDeployment)
 */
export function planDeployment(deployment: Deployment, revisions: Revisions, oldPods: OldPods): DeploymentStep[] {
  if (oldPods.mayNotStop) return [...describe(deployment, revisions), ...scaleWhilePostponed(deployment, revisions)];
  if (deployment.spec?.paused)
    return [...describe(deployment, revisions), ...scale(deployment, revisions), ...cleanUp(deployment, revisions)];
  if (wasScaled(deployment, revisions)) return [...describe(deployment, revisions), ...scale(deployment, revisions)];
  const turn =
    deployment.spec?.strategy?.type === 'Recreate'
      ? recreate(deployment, revisions, oldPods.run)
      : roll(deployment, revisions);
  const steps = [...describe(deployment, revisions), ...turn];
  return turn.length === 0 && isComplete(deployment, revisions) ? [...steps, ...cleanUp(deployment, revisions)] : steps;
}

const resize = (sizings: readonly Sizing[]): DeploymentStep[] => sizings.map((sizing) => ({ do: 'scale', ...sizing }));

/**
 * A turn waits until the ReplicaSet controller has carried out the one before. Kubernetes does not wait, and for a moment may have
 * more pods than maxSurge allows, which a small device has no memory for.
 */
const isObserved = ({ metadata, status }: ReplicaSet): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);

function roll(deployment: Deployment, revisions: Revisions): DeploymentStep[] {
  const { newSet, oldSets } = revisions;
  if (![...oldSets, ...(newSet ? [newSet] : [])].every(isObserved)) return [];
  if (newSet) return resize(planRollingUpdate(deployment, { ...revisions, newSet }));
  return [create(deployment, revisions)];
}

/** Every old pod is gone before the first new one comes (kubernetes pkg/controller/deployment/recreate.go). */
function recreate(deployment: Deployment, revisions: Revisions, oldPodsRun: boolean): DeploymentStep[] {
  const active = emptied(revisions.oldSets);
  if (active.length > 0) return resize(active);
  if (oldPodsRun || revisions.oldSets.some(({ status }) => (status?.replicas ?? 0) > 0)) return [];
  const { newSet } = revisions;
  if (!newSet) return [create(deployment, revisions)];
  return resize(sizeTo(newSet, rolloutBounds(deployment).replicas));
}

const sizeTo = (replicaSet: ReplicaSet, replicas: number): Sizing[] =>
  sizeOf(replicaSet) === replicas ? [] : [{ replicaSet, replicas }];

const create = (deployment: Deployment, revisions: Revisions): DeploymentStep => ({
  do: 'create',
  replicaSet: newReplicaSet(deployment, revisions, newSetSize(deployment, revisions)),
});

/** The new set carries the Deployment's annotations and the highest revision, which a rollback renews. */
function describe(deployment: Deployment, revisions: Revisions): DeploymentStep[] {
  const replicaSet = revisions.newSet;
  if (!replicaSet) return [];
  const isAvailable = rolloutBounds(deployment).replicas > 0 && isComplete(deployment, revisions);
  const annotations = newSetAnnotations(deployment, revisions, isAvailable);
  const minReadySeconds = deployment.spec?.minReadySeconds;
  const described =
    sameJson(annotations, metaOf(replicaSet).annotations ?? {}) &&
    (minReadySeconds ?? 0) === (replicaSet.spec?.minReadySeconds ?? 0);
  return described ? [] : [{ do: 'describe', replicaSet, annotations, minReadySeconds }];
}

/** Somebody changed `replicas`, which is not a rollout (kubernetes pkg/controller/deployment/sync.go isScalingEvent). */
const wasScaled = (deployment: Deployment, { newSet, oldSets }: Revisions): boolean =>
  [...oldSets, ...(newSet ? [newSet] : [])].filter(isActiveSet).some((set) => {
    const desired = desiredWhenScaled(set);
    return desired !== undefined && desired !== rolloutBounds(deployment).replicas;
  });

/** kubernetes pkg/controller/deployment/sync.go scale */
function scale(deployment: Deployment, revisions: Revisions): DeploymentStep[] {
  const { newSet, oldSets } = revisions;
  const { replicas } = rolloutBounds(deployment);
  const active = [...oldSets, ...(newSet ? [newSet] : [])].filter(isActiveSet);
  const only = active.length > 1 ? undefined : (active[0] ?? newSet ?? oldSets.at(-1));
  if (only) return changed(deployment, [{ replicaSet: only, replicas }]);
  if (newSet && isSaturated(newSet, replicas)) return changed(deployment, emptied(oldSets));
  if (deployment.spec?.strategy?.type !== 'RollingUpdate') return [];
  return changed(deployment, scaleProportionally(deployment, active));
}

const emptied = (sets: readonly ReplicaSet[]): Sizing[] =>
  sets.filter(isActiveSet).map((replicaSet) => ({ replicaSet, replicas: 0 }));

/** A change of `replicas` is carried out at once all the same; that all new pods are there is no reason to stop old ones. */
function scaleWhilePostponed(deployment: Deployment, revisions: Revisions): DeploymentStep[] {
  const { newSet } = revisions;
  const isDone = newSet !== undefined && isSaturated(newSet, rolloutBounds(deployment).replicas);
  return isDone || !wasScaled(deployment, revisions) ? [] : scale(deployment, revisions);
}

/** A set that keeps its size still has to learn what the Deployment wants now, or it would look scaled for ever. */
function changed(deployment: Deployment, sizings: readonly Sizing[]): DeploymentStep[] {
  const { replicas: desired, maxTotal } = rolloutBounds(deployment);
  return resize(
    sizings.filter(
      ({ replicaSet, replicas }) =>
        replicas !== sizeOf(replicaSet) ||
        desiredWhenScaled(replicaSet) !== desired ||
        maxTotalWhenScaled(replicaSet) !== maxTotal,
    ),
  );
}

const isSaturated = (set: ReplicaSet, replicas: number): boolean =>
  desiredWhenScaled(set) === replicas && sizeOf(set) === replicas && availableOf(set) === replicas;

/** deployment_util.go DeploymentComplete, from the sets themselves. */
const isComplete = (deployment: Deployment, { newSet, oldSets }: Revisions): boolean => {
  const { replicas } = rolloutBounds(deployment);
  const counted = oldSets.every((set) => (set.status?.replicas ?? 0) === 0);
  return newSet !== undefined && counted && newSet.status?.replicas === replicas && availableOf(newSet) === replicas;
};

/** Old sets beyond the history limit go, oldest revision first, once nothing of them is left (sync.go cleanupDeployment). */
function cleanUp(deployment: Deployment, { oldSets }: Revisions): DeploymentStep[] {
  const kept = deployment.spec?.revisionHistoryLimit ?? 10;
  const standing = oldSets.filter((set) => metaOf(set).deletionTimestamp === undefined);
  const surplus = standing
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, standing.length - kept));
  return surplus.filter(isEmptied).map((replicaSet) => ({ do: 'delete', replicaSet }));
}

const isEmptied = (set: ReplicaSet): boolean => sizeOf(set) === 0 && set.status?.replicas === 0 && isObserved(set);
