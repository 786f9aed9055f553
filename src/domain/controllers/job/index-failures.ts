import type { JobSpec, Pod } from '../../meta/types.ts';
import { hasIndex, intervalsOf, parseIntervals, union, type Intervals } from '../../resources/index-intervals.ts';
import { countIn, finishTime, indexesOf, indexOf, isOfJob, isPodFailed, isTracked } from './job-pods.ts';
import { isCounted, judgeFailure } from './pod-failure-policy.ts';

/** How often pods of the same index have failed before this one; those that a rule ignores are told apart. */
const failureCount = 'batch.kubernetes.io/job-index-failure-count';
const ignoredFailureCount = 'batch.kubernetes.io/job-index-ignored-failure-count';

export const failuresBefore = (pod: Pod): number =>
  (countIn(pod, failureCount) ?? 0) + (countIn(pod, ignoredFailureCount) ?? 0);

/** The counts for the pod that comes after the one that failed, if any did. */
export function nextFailureCounts(spec: JobSpec, failed: Pod | undefined): Record<string, string> {
  const counts = failed && isCounted(spec, failed);
  const failures = failed === undefined ? 0 : (countIn(failed, failureCount) ?? 0) + (counts ? 1 : 0);
  const ignored = failed === undefined ? 0 : (countIn(failed, ignoredFailureCount) ?? 0) + (counts ? 0 : 1);
  return { [failureCount]: `${failures}`, ...(ignored > 0 ? { [ignoredFailureCount]: `${ignored}` } : {}) };
}

function failsIndex(pod: Pod, spec: JobSpec): boolean {
  if (!isTracked(pod) || !isOfJob(pod, spec) || !isPodFailed(pod, spec)) return false;
  const { action } = judgeFailure(spec, pod);
  if (action === 'FailIndex') return true;
  return action !== 'Ignore' && (countIn(pod, failureCount) ?? 0) >= spec.backoffLimitPerIndex!;
}

/** Those that are known and those that failed since (indexed_job_utils.go calculateFailedIndexes). */
export const failedIndexesOf = (spec: JobSpec, known: string, pods: readonly Pod[]): Intervals =>
  union(
    parseIntervals(known, spec.completions ?? 0),
    intervalsOf(indexesOf(pods.filter((pod) => failsIndex(pod, spec)))),
  );

/**
 * The pods that failed last of every index that has to be tried again. They are held back until the pod that comes after has been
 * made, since it continues their count (getPodsWithDelayedDeletionPerIndex).
 */
export function failingPods(
  spec: JobSpec,
  pods: readonly Pod[],
  active: readonly Pod[],
  done: Intervals,
): Map<number, Pod> {
  const settled = union(done, intervalsOf(indexesOf(active)));
  const failing = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod);
    if (index === undefined || hasIndex(settled, index)) continue;
    if (!isTracked(pod) || !isOfJob(pod, spec) || !isPodFailed(pod, spec)) continue;
    const last = failing.get(index);
    const isLater = !last || (failuresBefore(last) <= failuresBefore(pod) && finishTime(last) <= finishTime(pod));
    if (isLater) failing.set(index, pod);
  }
  return failing;
}
