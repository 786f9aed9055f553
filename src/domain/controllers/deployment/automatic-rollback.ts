import { sameJson } from '../../meta/deep-equal.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import type { Registry } from '../../registry/registry.ts';
import { deployments } from '../../resources/deployment.ts';
import { conditionOf } from './deployment-conditions.ts';
import {
  availableRevisionOf,
  nextRevision,
  revisionAnnotation,
  revisionOf,
  withoutHash,
  type Revisions,
} from './deployment-revisions.ts';

/** `true`, on a Deployment: an update that does not get available before its deadline is undone. */
const rollbackAnnotation = 'k2d.io/automatic-rollback';

/** On a Deployment that was rolled back, until its template is another: the ReplicaSet that failed, and the one that came back. */
export const rolledBackFromAnnotation = 'k2d.io/rolled-back-from';
export const rolledBackToAnnotation = 'k2d.io/rolled-back-to';

export type Rollback = { failed: ReplicaSet; to: ReplicaSet; isRetry: boolean };

const nameOf = (set: ReplicaSet | undefined): string | undefined => set && metaOf(set).name;

const annotationOf = (deployment: Deployment, name: string): string | undefined =>
  metaOf(deployment).annotations?.[name];

const wantsRollback = (deployment: Deployment): boolean => annotationOf(deployment, rollbackAnnotation) === 'true';

/** Whether the present template is what a rollback brought back. */
export const isRolledBack = (deployment: Deployment, { newSet }: Revisions): boolean =>
  newSet !== undefined && annotationOf(deployment, rolledBackToAnnotation) === nameOf(newSet);

/** The present template is the one that failed: somebody applied it once more. */
const isRetried = (deployment: Deployment, { newSet }: Revisions): boolean =>
  newSet !== undefined && annotationOf(deployment, rolledBackFromAnnotation) === nameOf(newSet);

/** The note of a rollback says nothing any more when the template is a third one. */
export const isNoteStale = (deployment: Deployment, revisions: Revisions): boolean =>
  annotationOf(deployment, rolledBackFromAnnotation) !== undefined &&
  !isRolledBack(deployment, revisions) &&
  !isRetried(deployment, revisions);

/**
 * Back to the newest revision that was available, once the deadline of the present one has passed. What came back is not rolled back again, what was
 * available before is no failed update, and what failed is not tried again: so there is no loop. All of it is in annotations, which outlive k2d.
 */
export function automaticRollback(deployment: Deployment, revisions: Revisions): Rollback | undefined {
  const { newSet, oldSets } = revisions;
  if (!wantsRollback(deployment) || !newSet || isRolledBack(deployment, revisions)) return undefined;
  const isRetry = isRetried(deployment, revisions);
  if (!isRetry && !hasFailed(deployment, revisions)) return undefined;
  const [to] = oldSets
    .filter((set) => availableRevisionOf(set) > 0 && metaOf(set).deletionTimestamp === undefined)
    .toSorted((a, b) => availableRevisionOf(b) - availableRevisionOf(a));
  return to && { failed: newSet, to, isRetry };
}

/** The deadline must be that of this very revision: the condition stands until the next one has made progress. */
function hasFailed(deployment: Deployment, revisions: Revisions): boolean {
  const revision = revisionOf(revisions.newSet);
  return (
    conditionOf(deployment.status?.conditions ?? [], 'Progressing')?.reason === 'ProgressDeadlineExceeded' &&
    annotationOf(deployment, revisionAnnotation) === String(revision) &&
    nextRevision(revisions) === revision &&
    availableRevisionOf(revisions.newSet) !== revision
  );
}

/** One write, so that a crash leaves all of it or nothing. A template that somebody changed meanwhile stays. */
export async function performRollback(
  { registry, recorder }: { registry: Registry; recorder: EventRecorder },
  deployment: Deployment,
  { failed, to, isRetry }: Rollback,
): Promise<void> {
  const [from, target] = [nameOf(failed)!, nameOf(to)!];
  const note = { [rolledBackFromAnnotation]: from, [rolledBackToAnnotation]: target };
  const isSame = (current: Deployment) =>
    metaOf(current).uid === metaOf(deployment).uid && sameJson(current.spec?.template, deployment.spec?.template);
  try {
    await registry.update(deployments, keyOf(deployment), (current) =>
      isSame(current)
        ? {
            ...current,
            metadata: { ...metaOf(current), annotations: { ...metaOf(current).annotations, ...note } },
            spec: { ...current.spec!, template: withoutHash(to.spec?.template) },
          }
        : current,
    );
  } catch (error) {
    if (isNotFound(error)) return;
    throw error;
  }
  const why = isRetry
    ? `ReplicaSet "${from}" was rolled back before and is not tried again until the template changes`
    : `ReplicaSet "${from}" did not become available within ${deployment.spec?.progressDeadlineSeconds} s`;
  recorder.event(deployment, 'Warning', 'DeploymentRollback', `${why}: rolled back to revision ${revisionOf(to)}`);
}
