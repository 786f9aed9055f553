import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import {
  availability,
  conditionOf,
  progressDeadline,
  withCondition,
  without,
  withProgress,
  type DeploymentCondition,
  type DeploymentStatus,
} from './deployment-conditions.ts';
import { availableOf, sizeOf, sum, type Revisions } from './deployment-revisions.ts';
import { rolloutBounds } from './rollout-bounds.ts';

/** What came of looking for the set of the present template. */
export type NewSetOutcome =
  | { kind: 'created'; name: string }
  | { kind: 'failed'; message: string }
  | { kind: 'standing' };

export type StatusInput = {
  deployment: Deployment;
  /** As they are after this turn's steps. */
  revisions: Revisions;
  outcome: NewSetOutcome;
  /** False while paused, scaled or deleted: then the rollout's progress is not judged. */
  rolling: boolean;
  collisionCount: number | undefined;
  now: Date;
};

/** The counts of all sets and the conditions that follow (kubernetes pkg/controller/deployment/sync.go calculateStatus). */
export function deploymentStatus(input: StatusInput): DeploymentStatus {
  const { deployment, revisions, now } = input;
  const { newSet, oldSets } = revisions;
  const sets = [...oldSets, ...(newSet ? [newSet] : [])];
  const available = sum(sets, availableOf);
  const before = withNewSet(input, withPause(deployment, deployment.status?.conditions ?? [], now));
  const isAvailable = available >= rolloutBounds(deployment).minAvailable;
  const status = {
    observedGeneration: metaOf(deployment).generation ?? 0,
    replicas: sum(sets, (set) => set.status?.replicas ?? 0),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum(sets, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(sets, sizeOf) - available),
    ...terminating(sets),
    ...(input.collisionCount === undefined ? {} : { collisionCount: input.collisionCount }),
    conditions: withCondition(before, 'Available', availability(isAvailable), now),
  };
  if (!input.rolling) return status;
  const conditions = withFailure(withProgress(deployment, newSet, status, now), sets);
  return { ...status, conditions };
}

/** Not told while one of the sets has not been counted (deployment_util.go GetTerminatingReplicaCountForReplicaSets). */
function terminating(sets: readonly ReplicaSet[]): Pick<DeploymentStatus, 'terminatingReplicas'> {
  const isCounted = sets.every((set) => set.status?.terminatingReplicas !== undefined);
  return isCounted ? { terminatingReplicas: sum(sets, (set) => set.status?.terminatingReplicas ?? 0) } : {};
}

/** A paused rollout has no deadline; one that had passed it keeps saying so (sync.go checkPausedConditions). */
function withPause(
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
  now: Date,
): readonly DeploymentCondition[] {
  const reason = conditionOf(conditions, 'Progressing')?.reason;
  if (progressDeadline(deployment) === undefined || reason === 'ProgressDeadlineExceeded') return conditions;
  const wasPaused = reason === 'DeploymentPaused';
  const isPaused = deployment.spec?.paused ?? false;
  if (wasPaused === isPaused) return conditions;
  const verdict = isPaused
    ? ({ status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' } as const)
    : ({ status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' } as const);
  return withCondition(conditions, 'Progressing', verdict, now);
}

/** kubernetes pkg/controller/deployment/sync.go getNewReplicaSet */
function withNewSet(
  { deployment, revisions, outcome, now }: StatusInput,
  conditions: readonly DeploymentCondition[],
): readonly DeploymentCondition[] {
  if (progressDeadline(deployment) === undefined) return conditions;
  switch (outcome.kind) {
    case 'created': {
      const message = `Created new replica set "${outcome.name}"`;
      return withCondition(conditions, 'Progressing', { status: 'True', reason: 'NewReplicaSetCreated', message }, now);
    }
    case 'failed': {
      const { message } = outcome;
      return withCondition(
        conditions,
        'Progressing',
        { status: 'False', reason: 'ReplicaSetCreateError', message },
        now,
      );
    }
    case 'standing': {
      if (!revisions.newSet || conditionOf(conditions, 'Progressing')) return conditions;
      const message = `Found new replica set "${metaOf(revisions.newSet).name}"`;
      return withCondition(conditions, 'Progressing', { status: 'True', reason: 'FoundNewReplicaSet', message }, now);
    }
  }
}

/** A set that cannot make its pods fails the Deployment, with the set's own words (deployment_util.go ReplicaSetToDeploymentCondition). */
function withFailure(conditions: readonly DeploymentCondition[], sets: readonly ReplicaSet[]): DeploymentCondition[] {
  const failure = sets
    .toReversed()
    .flatMap((set) => set.status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  const others = without(conditions, 'ReplicaFailure');
  if (!failure) return others;
  const { status, reason, message, lastTransitionTime } = failure;
  const told: DeploymentCondition = {
    type: 'ReplicaFailure',
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    ...(lastTransitionTime === undefined ? {} : { lastTransitionTime, lastUpdateTime: lastTransitionTime }),
  };
  return [...others, told];
}
