import { toTime } from '../../meta/clock.ts';
import type { JobStatus } from '../../meta/types.ts';
import { formatIntervals, sizeOf } from '../../resources/index-intervals.ts';
import { trueCondition, type JobCondition } from '../../resources/job-conditions.ts';
import { isPodReady } from '../pod-lifecycle.ts';
import { isSuspended } from './job-pods.ts';
import { conditionOf, type Verdict } from './job-verdict.ts';
import type { JobView } from './job-view.ts';
import type { Tracking } from './track-pods.ts';

/** What the Job says of itself once its pods are noted (kubernetes pkg/controller/job/job_controller.go). */
export function jobStatus(view: JobView, verdict: Verdict | undefined, tracking: Tracking): JobStatus {
  const { status, active, terminating, indexes, now } = view;
  const conditions = conditionsOf(view, verdict, tracking);
  const isComplete = trueCondition({ conditions }, 'Complete') !== undefined;
  return {
    ...status,
    active: active.length,
    ready: active.filter(isPodReady).length,
    terminating: terminating.length,
    uncountedTerminatedPods: withoutEmpty(tracking.uncounted),
    ...(indexes ? { succeeded: sizeOf(indexes.succeeded), completedIndexes: formatIntervals(indexes.succeeded) } : {}),
    ...(indexes?.failed ? { failedIndexes: formatIntervals(indexes.failed) } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(isComplete ? { completionTime: toTime(now) } : {}),
  };
}

const withoutEmpty = ({ succeeded, failed }: Tracking['uncounted']) => ({
  ...(succeeded.length > 0 ? { succeeded } : {}),
  ...(failed.length > 0 ? { failed } : {}),
});

function conditionsOf(view: JobView, verdict: Verdict | undefined, tracking: Tracking): JobCondition[] {
  const { job, status, now } = view;
  const before = status.conditions ?? [];
  if (!verdict) return withCondition(before, suspension(isSuspended(job), now));
  const { type, reason, message } = verdict;
  const found = withCondition(before, conditionOf(type, 'True', reason, message, now));
  if (!isSettled(view, tracking)) return found;
  const final = type === 'FailureTarget' ? 'Failed' : 'Complete';
  return withCondition(found, conditionOf(final, 'True', reason, message, now));
}

/** Everybody has ended and is counted. */
const isSettled = ({ active, terminating }: JobView, { release, uncounted }: Tracking): boolean =>
  active.length + terminating.length + release.length + uncounted.succeeded.length + uncounted.failed.length === 0;

const suspension = (isSuspended: boolean, now: Date): JobCondition =>
  isSuspended
    ? conditionOf('Suspended', 'True', 'JobSuspended', 'Job suspended', now)
    : conditionOf('Suspended', 'False', 'JobResumed', 'Job resumed', now);

/** What stays the same keeps its time, and what never was need not be said not to be (ensureJobConditionStatus). */
function withCondition(conditions: readonly JobCondition[], next: JobCondition): JobCondition[] {
  const standing = conditions.find(({ type }) => type === next.type);
  if (!standing) return next.status === 'False' ? [...conditions] : [...conditions, next];
  const isSame = (['status', 'reason', 'message'] as const).every((field) => standing[field] === next[field]);
  return conditions.map((condition) => (condition === standing && !isSame ? next : condition));
}
