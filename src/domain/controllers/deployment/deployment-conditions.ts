import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import { rolloutBounds } from './rollout-bounds.ts';

export type DeploymentStatus = NonNullable<Deployment['status']>;
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];
type Type = 'Available' | 'Progressing' | 'ReplicaFailure';
type Verdict = { status: 'True' | 'False' | 'Unknown'; reason: string; message: string };

export const conditionOf = (conditions: readonly DeploymentCondition[], type: Type): DeploymentCondition | undefined =>
  conditions.find((condition) => condition.type === type);

export const without = (conditions: readonly DeploymentCondition[], type: Type): DeploymentCondition[] =>
  conditions.filter((condition) => condition.type !== type);

/** The same status for the same reason is no news (kubernetes pkg/controller/deployment/util/deployment_util.go SetDeploymentCondition). */
export function withCondition(
  conditions: readonly DeploymentCondition[],
  type: Type,
  verdict: Verdict,
  now: Date,
): DeploymentCondition[] {
  const standing = conditionOf(conditions, type);
  if (standing?.status === verdict.status && standing.reason === verdict.reason) return [...conditions];
  const lastTransitionTime = standing?.status === verdict.status ? standing.lastTransitionTime : undefined;
  const time = toTime(now);
  return [
    ...without(conditions, type),
    { type, ...verdict, lastUpdateTime: time, lastTransitionTime: lastTransitionTime ?? time },
  ];
}

export const availability = (available: boolean): Verdict =>
  available
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

/** Seconds; undefined when a rollout may take for ever (deployment_util.go HasProgressDeadline). */
export const progressDeadline = ({ spec }: Deployment): number | undefined =>
  spec?.progressDeadlineSeconds === 2_147_483_647 ? undefined : spec?.progressDeadlineSeconds;

const isCompleteStatus = (deployment: Deployment, status: DeploymentStatus): boolean => {
  const { replicas } = rolloutBounds(deployment);
  return status.updatedReplicas === replicas && status.replicas === replicas && status.availableReplicas === replicas;
};

const oldReplicas = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;

/** deployment_util.go DeploymentProgressing */
const hasProgressed = (before: DeploymentStatus, after: DeploymentStatus): boolean =>
  (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
  oldReplicas(after) < oldReplicas(before) ||
  (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
  (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0);

/** The moment, in ms since 1970, at which a rollout that stands still is given up; undefined when none is under way. */
export function progressDeadlineAt(
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
): number | undefined {
  const seconds = progressDeadline(deployment);
  const { reason, lastUpdateTime } = conditionOf(conditions, 'Progressing') ?? {};
  if (seconds === undefined || lastUpdateTime === undefined) return undefined;
  if (reason === 'NewReplicaSetAvailable' || reason === 'ProgressDeadlineExceeded') return undefined;
  if (reason === 'DeploymentPaused' || reason === 'UpdatePostponed') return undefined;
  return Date.parse(lastUpdateTime) + seconds * 1000;
}

/** How the rollout goes (kubernetes pkg/controller/deployment/progress.go syncRolloutStatus). `after` has the new counts. */
export function withProgress(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  after: DeploymentStatus & { conditions: DeploymentCondition[] },
  now: Date,
): DeploymentCondition[] {
  const { conditions } = after;
  if (progressDeadline(deployment) === undefined) return without(conditions, 'Progressing');
  const standing = conditionOf(conditions, 'Progressing');
  if (standing?.reason === 'NewReplicaSetAvailable' && after.replicas === after.updatedReplicas) return conditions;
  const subject = newSet ? `ReplicaSet "${metaOf(newSet).name}"` : `Deployment "${metaOf(deployment).name}"`;
  if (isCompleteStatus(deployment, after)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, 'Progressing', { status: 'True', reason: 'NewReplicaSetAvailable', message }, now);
  }
  if (hasProgressed(deployment.status ?? {}, after)) {
    const message = `${subject} is progressing.`;
    // Every step forward renews the deadline, so the condition is made anew though its reason stays.
    return replaced(conditions, 'Progressing', { status: 'True', reason: 'ReplicaSetUpdated', message }, now);
  }
  const deadline = progressDeadlineAt(deployment, conditions);
  if (deadline === undefined || deadline >= now.getTime()) return conditions;
  const message = `${subject} has timed out progressing.`;
  return withCondition(
    conditions,
    'Progressing',
    { status: 'False', reason: 'ProgressDeadlineExceeded', message },
    now,
  );
}

/** Also when only the message or the time is news. */
function replaced(
  conditions: readonly DeploymentCondition[],
  type: Type,
  verdict: Verdict,
  now: Date,
): DeploymentCondition[] {
  const standing = conditionOf(conditions, type);
  const fresh = withCondition(without(conditions, type), type, verdict, now);
  if (standing?.status !== verdict.status || standing.lastTransitionTime === undefined) return fresh;
  const { lastTransitionTime } = standing;
  return fresh.map((condition) => (condition.type === type ? { ...condition, lastTransitionTime } : condition));
}
