import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Job, JobStatus, Pod } from '../../meta/types.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { isSuspended } from './job-pods.ts';
import { jobStatus } from './job-status.ts';
import { deadlineInMs, verdictOn, type Verdict } from './job-verdict.ts';
import { viewJob, type JobView } from './job-view.ts';
import { planJobPods, type PodsPlan } from './plan-job-pods.ts';
import { trackPods } from './track-pods.ts';

export type JobPlan = {
  /** Stored before anything else is done. */
  status: JobStatus;
  create: (number | undefined)[];
  /** By index, the pods whose failures the new ones continue to count. */
  continues: ReadonlyMap<number, Pod>;
  remove: Pod[];
  /** What is removed was counted already; else it has not failed and must not be counted. */
  removesCounted: boolean;
  /** Lose their finalizer last. */
  release: Pod[];
  /** Milliseconds until something changes by itself. */
  againMs?: number;
};

const nothing: PodsPlan = { create: [], remove: [] };

/** What is to be done for a Job, from what is there now; undefined when it has ended (kubernetes pkg/controller/job/job_controller.go syncJob). */
export function planJob(job: Job, pods: readonly Pod[], now: Date): JobPlan | undefined {
  if (finishedCondition(job)) return undefined;
  const view = viewJob(withStart(job, now), pods, now);
  const isGoing = metaOf(job).deletionTimestamp !== undefined;
  const early = verdictOn(view);
  const forEnd: PodsPlan = { create: [], remove: [...view.active] };
  const plan = isGoing ? nothing : early ? forEnd : planJobPods(view);
  const verdict = early ?? (isGoing ? undefined : completed(view, plan));
  const tracking = trackPods(view, verdict?.type);
  return {
    status: jobStatus(view, verdict, tracking),
    create: plan.create,
    continues: view.indexes?.failing ?? new Map(),
    remove: plan.remove,
    removesCounted: early !== undefined,
    release: tracking.release,
    ...soonest(plan.waitMs, verdict ? undefined : deadlineInMs(view)),
  };
}

/** The time that the deadline counts from begins anew when a Job goes on. */
function withStart(job: Job, now: Date): Job {
  const { startTime, conditions = [] } = job.status ?? {};
  const wasSuspended = conditions.some(({ type, status }) => type === 'Suspended' && status === 'True');
  if (isSuspended(job) || (startTime !== undefined && !wasSuspended)) return job;
  return { ...job, status: { ...job.status, startTime: toTime(now) } };
}

/** Without a number of completions the Job waits for all pods after the first has succeeded. */
function completed({ spec, succeeded, active }: JobView, { create, remove }: PodsPlan): Verdict | undefined {
  const isEnough = spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions;
  if (!isEnough || active.length + create.length - remove.length > 0) return undefined;
  const message = 'Reached expected number of succeeded pods';
  return { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message };
}

function soonest(...waits: (number | undefined)[]): { againMs?: number } {
  const given = waits.filter((wait) => wait !== undefined);
  return given.length === 0 ? {} : { againMs: Math.min(...given) };
}
