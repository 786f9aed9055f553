import type { Pod } from '../../meta/types.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';
import { failuresBefore } from './index-failures.ts';
import { finishTime, isPodFailed, isPodSucceeded, isTracked } from './job-pods.ts';
import type { JobView } from './job-view.ts';

/** kubernetes pkg/controller/job/job_controller.go DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff */
const firstWaitMs = 10_000;
const longestWaitMs = 600_000;

/** Milliseconds until a pod may follow so many failures in a row, the last of which was at that time; 0 is now. */
function remainingMs(failures: number, lastFailure: number, now: Date): number {
  if (failures === 0) return 0;
  const wait = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
  // A clock that was set back makes nobody wait longer than that.
  return Math.min(wait, Math.max(0, lastFailure + wait - now.getTime()));
}

/** What the Job itself told to end has not failed. */
const hasFailed = (pod: Pod, { spec }: JobView): boolean =>
  isPodFailed(pod, spec) && (isTracked(pod) || !isPodTerminating(pod));

/** Counts the failures since the last success from the pods that are there, so that nothing has to be remembered. */
export function backoffMs(view: JobView): number {
  const lastSuccess = Math.max(-Infinity, ...view.pods.filter(isPodSucceeded).map(finishTime));
  const failures = view.pods.filter((pod) => hasFailed(pod, view)).map(finishTime);
  const since = failures.filter((at) => at > lastSuccess);
  return remainingMs(since.length, Math.max(-Infinity, ...since), view.now);
}

/** Where failures are limited by index, each index waits for itself. */
export function indexBackoffMs(failed: Pod | undefined, now: Date): number {
  return failed === undefined ? 0 : remainingMs(failuresBefore(failed) + 1, finishTime(failed), now);
}
