import type { Job, JobSpec, JobStatus, Pod } from '../../meta/types.ts';
import { intervalsOf, parseIntervals, sizeOf, union, type Intervals } from '../../resources/index-intervals.ts';
import { isPodActive, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';
import { failedIndexesOf, failingPods } from './index-failures.ts';
import { indexesOf, isIndexed, isOfJob, isPodFailed, isPodSucceeded, isTracked, uidOf } from './job-pods.ts';
import { isCounted } from './pod-failure-policy.ts';

/** A Job and what its pods say about it, counted. */
export type JobView = {
  job: Job;
  spec: JobSpec;
  /** As it is stored, but for pods that were on their way into the counters and have arrived there. */
  status: JobStatus;
  now: Date;
  pods: readonly Pod[];
  active: readonly Pod[];
  /** Told to end, and not at their end yet. */
  terminating: readonly Pod[];
  /** Pods whose finalizer is still to be removed before they count. */
  uncounted: { succeeded: ReadonlySet<string>; failed: ReadonlySet<string> };
  /** With those that are not in the counters yet. */
  succeeded: number;
  failed: number;
  indexes?: IndexView;
};

export type IndexView = {
  succeeded: Intervals;
  /** Only where failures are limited by index. */
  failed?: Intervals;
  failing: ReadonlyMap<number, Pod>;
};

export function viewJob(job: Job, pods: readonly Pod[], now: Date): JobView {
  const spec = job.spec!;
  const status = withArrived(job.status ?? {}, new Set(pods.filter(isTracked).map(uidOf)));
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const uncounted = { succeeded: new Set(succeeded), failed: new Set(failed) };
  const active = pods.filter(isPodActive);
  const terminating = pods.filter((pod) => isPodTerminating(pod) && !isPodTerminal(pod));
  const fresh = pods.filter((pod) => isTracked(pod) && isOfJob(pod, spec));
  const newFailed = fresh.filter((pod) => isPodFailed(pod, spec) && !uncounted.failed.has(uidOf(pod)));
  const newSucceeded = fresh.filter((pod) => isPodSucceeded(pod) && !uncounted.succeeded.has(uidOf(pod)));
  const indexes = isIndexed(spec) ? viewIndexes(spec, status, pods, active) : undefined;
  return {
    job,
    spec,
    status,
    now,
    pods,
    active,
    terminating,
    uncounted,
    succeeded: indexes ? sizeOf(indexes.succeeded) : (status.succeeded ?? 0) + succeeded.length + newSucceeded.length,
    failed: (status.failed ?? 0) + failed.length + newFailed.filter((pod) => isCounted(spec, pod)).length,
    ...(indexes ? { indexes } : {}),
  };
}

/** Whoever has lost the finalizer was noted before, and is counted from now on (cleanUncountedPodsWithoutFinalizers). */
function withArrived(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const waits = (uid: string) => tracked.has(uid);
  const left = { succeeded: succeeded.filter(waits), failed: failed.filter(waits) };
  return {
    ...status,
    succeeded: (status.succeeded ?? 0) + succeeded.length - left.succeeded.length,
    failed: (status.failed ?? 0) + failed.length - left.failed.length,
    uncountedTerminatedPods: left,
  };
}

function viewIndexes(spec: JobSpec, status: JobStatus, pods: readonly Pod[], active: readonly Pod[]): IndexView {
  const completions = spec.completions ?? 0;
  const fresh = pods.filter((pod) => isTracked(pod) && isOfJob(pod, spec) && isPodSucceeded(pod));
  const succeeded = union(parseIntervals(status.completedIndexes ?? '', completions), intervalsOf(indexesOf(fresh)));
  if (spec.backoffLimitPerIndex === undefined) return { succeeded, failing: new Map() };
  const failed = failedIndexesOf(spec, status.failedIndexes ?? '', pods);
  return { succeeded, failed, failing: failingPods(spec, pods, active, union(succeeded, failed)) };
}
