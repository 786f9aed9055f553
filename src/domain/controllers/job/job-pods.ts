import { metaOf } from '../../meta/object-key.ts';
import type { Job, JobSpec, Pod } from '../../meta/types.ts';
import { hasFinalizer } from '../finalizers.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';

/** Holds a pod until its Job has counted it (api/batch/v1 JobTrackingFinalizer). */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

/** As annotation and as label of the pods of an Indexed Job (api/batch/v1 JobCompletionIndexAnnotation). */
export const completionIndex = 'batch.kubernetes.io/job-completion-index';

/** Not counted yet. */
export const isTracked = (pod: Pod): boolean => hasFinalizer(pod, trackingFinalizer);

export const uidOf = (pod: Pod): string => metaOf(pod).uid ?? '';

/** A count that an annotation holds; undefined when it holds none. */
export function countIn(pod: Pod, annotation: string): number | undefined {
  const text = metaOf(pod).annotations?.[annotation] ?? '';
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Infinity;
  return count < 2 ** 31 ? count : undefined;
}

export const indexOf = (pod: Pod): number | undefined => countIn(pod, completionIndex);

export const indexesOf = (pods: readonly Pod[]): number[] =>
  pods.map(indexOf).filter((index): index is number => index !== undefined);

export const isIndexed = ({ completionMode }: JobSpec): boolean => completionMode === 'Indexed';

/** A pod counts for its Job, unless its index is none of the Job's. */
export const isOfJob = (pod: Pod, spec: JobSpec): boolean =>
  !isIndexed(spec) || (indexOf(pod) ?? Infinity) < (spec.completions ?? 0);

/** A pod that is ending is replaced only when it has ended. */
export const replacesOnlyFailed = ({ podReplacementPolicy, podFailurePolicy }: JobSpec): boolean =>
  podReplacementPolicy === 'Failed' || podFailurePolicy !== undefined;

/** A pod that is ending is taken for one that failed, unless how it ends matters (job_controller.go isPodFailed). */
export function isPodFailed(pod: Pod, spec: JobSpec): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(spec) && isPodTerminating(pod) && pod.status?.phase !== 'Succeeded';
}

export const isPodSucceeded = ({ status }: Pod): boolean => status?.phase === 'Succeeded';

const time = (text: string | undefined): number | undefined => {
  const parsed = Date.parse(text ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
};

/** Milliseconds since 1970, as far as the pod tells (kubernetes pkg/controller/job/backoff_utils.go getFinishedTime). */
export function finishTime(pod: Pod): number {
  const { containerStatuses = [], conditions = [] } = pod.status ?? {};
  const ends = containerStatuses.map(({ state }) => time(state?.terminated?.finishedAt));
  if (ends.length > 0 && !ends.includes(undefined)) return Math.max(...ends.map((end) => end!));
  const unready = conditions.find(({ type, status }) => type === 'Ready' && status === 'False');
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metaOf(pod);
  const deleted = time(deletionTimestamp);
  const marked = deleted === undefined ? undefined : deleted - deletionGracePeriodSeconds * 1000;
  return time(unready?.lastTransitionTime) ?? marked ?? time(creationTimestamp) ?? 0;
}

export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;
