import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { isRolledBack, rolledBackFromAnnotation, rolledBackToAnnotation } from './automatic-rollback.ts';
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
import {
  availableOf,
  availableRevisionOf,
  revisionAnnotation,
  revisionOf,
  sizeOf,
  sum,
  type Revisions,
} from './deployment-revisions.ts';
import { rolloutBounds } from './rollout-bounds.ts';
import { withNotice } from '../updates/notice-condition.ts';
import type { Postponement } from '../updates/update-postponement.ts';

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
  /** False while paused, postponed or deleted: then the rollout's progress is not judged. */
  rolling: boolean;
  postponed: Postponement | undefined;
  collisionCount: number | undefined;
  now: Date;
};

/** The counts of all sets and the conditions that follow (kubernetes pkg/controller/deployment/sync.go calculateStatus). */
export function deploymentStatus(input: StatusInput): DeploymentStatus {
  const { deployment, revisions, now } = input;
  const { newSet, oldSets } = revisions;
  const sets = [...oldSets, ...(newSet ? [newSet] : [])];
  const available = sum(sets, availableOf);
  const before = withNewSet(input, withStandstill(input, deployment.status?.conditions ?? []));
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
    conditions: withNotices(input, withCondition(before, 'Available', availability(isAvailable), now)),
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

const standstills: readonly (string | undefined)[] = ['DeploymentPaused', 'UpdatePostponed'];

/**
 * A rollout that is paused or postponed has no deadline; one that had passed it keeps saying so (sync.go checkPausedConditions), unless it is the
 * deadline of a former version.
 */
function withStandstill(
  { deployment, revisions, postponed, now }: StatusInput,
  conditions: readonly DeploymentCondition[],
): readonly DeploymentCondition[] {
  const reason = conditionOf(conditions, 'Progressing')?.reason;
  if (progressDeadline(deployment) === undefined) return conditions;
  if (reason === 'ProgressDeadlineExceeded' && (revisions.newSet || !postponed)) return conditions;
  const verdict = deployment.spec?.paused
    ? { reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : postponed
      ? { reason: 'UpdatePostponed', message: postponed.message }
      : standstills.includes(reason)
        ? { reason: 'DeploymentResumed', message: 'Deployment is resumed' }
        : undefined;
  return verdict ? withCondition(conditions, 'Progressing', { status: 'Unknown', ...verdict }, now) : conditions;
}

/** What only k2d does to Deployments. */
function withNotices(
  { deployment, revisions, postponed, now }: StatusInput,
  conditions: readonly DeploymentCondition[],
): DeploymentCondition[] {
  const { [rolledBackFromAnnotation]: from = '', [rolledBackToAnnotation]: to = '' } =
    metaOf(deployment).annotations ?? {};
  const message = `ReplicaSet "${from}" did not become available in time, so "${to}" is back. It is not tried again until the template changes.`;
  const rolledBack = isRolledBack(deployment, revisions) ? { reason: 'ProgressDeadlineExceeded', message } : undefined;
  return withNotice(
    withNotice(conditions, 'k2d.io/UpdatePostponed', postponed, now),
    'k2d.io/RolledBack',
    rolledBack,
    now,
  );
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
      const { newSet } = revisions;
      if (!newSet || !isUnspokenOf(deployment, newSet, conditions)) return conditions;
      const name = metaOf(newSet).name ?? '';
      return withCondition(conditions, 'Progressing', found(name, wasAvailable(newSet)), now);
    }
  }
}

/** Nothing is said, or of a version before this one that its deadline has passed, which is over. */
function isUnspokenOf(deployment: Deployment, newSet: ReplicaSet, conditions: readonly DeploymentCondition[]): boolean {
  const reason = conditionOf(conditions, 'Progressing')?.reason;
  const told = metaOf(deployment).annotations?.[revisionAnnotation];
  return reason === undefined || (reason === 'ProgressDeadlineExceeded' && told !== String(revisionOf(newSet)));
}

const wasAvailable = (set: ReplicaSet): boolean => availableRevisionOf(set) === revisionOf(set) && revisionOf(set) > 0;

/** A rollout that had ended before k2d was started again is no rollout. */
const found = (name: string, isOver: boolean) =>
  isOver
    ? ({
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      } as const)
    : ({ status: 'True', reason: 'FoundNewReplicaSet', message: `Found new replica set "${name}"` } as const);

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
