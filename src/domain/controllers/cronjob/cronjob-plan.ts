import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import type { CronSchedule } from '../../resources/cron-schedule.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { dueTimes, type DueTimes } from './due-times.ts';
import { dueTimeOf, isRunning } from './scheduled-jobs.ts';

type Status = NonNullable<CronJob['status']>;

/** A time so far in the future was written while the clock was wrong. */
const wrongClockMs = 86_400_000;

export type CronJobPlan = {
  /** The Job that is due is made first, so that a crash rather repeats this than leaves it out; its name keeps it from running twice. */
  start?: Date;
  /** Running Jobs that give way to it. */
  replace: Job[];
  status: Status;
  /** Finished Jobs that nobody wants to keep. */
  forget: Job[];
  /** What is due and waits until a Job has ended. */
  blocked?: Date;
  /** The last that was due, too long ago to be made up for. */
  missed?: Date;
  tooManyMissed: boolean;
  /** The schedule names no time at all, as that of 31 February. */
  neverDue: boolean;
  /** The next due time, if it is to be waited for. */
  next?: Date;
};

/**
 * What a CronJob needs now (kubernetes pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob). Without a schedule nothing is due; what
 * has ended is put in order all the same.
 */
export function planCronJob(
  cronJob: CronJob,
  jobs: readonly Job[],
  schedule: CronSchedule | undefined,
  now: Date,
): CronJobPlan {
  const spec = cronJob.spec!;
  const running = jobs.filter(isRunning);
  const last = lastScheduled(cronJob, jobs, now);
  const times = schedule ? timesOf(cronJob, schedule, last, now) : undefined;
  const { due, missed, tooManyMissed = false, neverDue = false } = times ?? {};
  const isBlocked = due !== undefined && spec.concurrencyPolicy === 'Forbid' && running.length > 0;
  const start = isBlocked ? undefined : due;
  const next = neverDue ? undefined : schedule?.after(now);
  return {
    ...(start ? { start } : {}),
    ...(isBlocked ? { blocked: due } : {}),
    ...(missed ? { missed } : {}),
    replace: start && spec.concurrencyPolicy === 'Replace' ? running : [],
    status: statusOf(cronJob, jobs, start?.getTime() ?? last),
    forget: [
      ...oldest(jobs, 'Complete', spec.successfulJobsHistoryLimit),
      ...oldest(jobs, 'Failed', spec.failedJobsHistoryLimit),
    ],
    tooManyMissed: tooManyMissed && !isBlocked,
    neverDue,
    ...(next ? { next } : {}),
  };
}

/** Jobs tell it too, should k2d have died before it was written down. */
function lastScheduled({ status }: CronJob, jobs: readonly Job[], now: Date): number | undefined {
  const times = [Date.parse(status?.lastScheduleTime ?? ''), ...jobs.map((job) => dueTimeOf(job) ?? NaN)];
  const credible = times.filter((time) => time <= now.getTime() + wrongClockMs);
  return credible.length === 0 ? undefined : Math.max(...credible);
}

/** Nothing from before the deadline is made up for. */
function timesOf(
  cronJob: CronJob,
  schedule: CronSchedule,
  last: number | undefined,
  now: Date,
): DueTimes & { missed?: Date } {
  const since = last ?? Math.min(Date.parse(metaOf(cronJob).creationTimestamp ?? ''), now.getTime());
  const { startingDeadlineSeconds = Infinity } = cronJob.spec!;
  const earliest = now.getTime() - startingDeadlineSeconds * 1000;
  const times = dueTimes(schedule, new Date(Math.max(since, earliest)), now);
  if (times.due || times.neverDue || since >= earliest) return times;
  const { due: missed } = dueTimes(schedule, new Date(since), new Date(earliest));
  return { ...times, ...(missed ? { missed } : {}) };
}

function statusOf({ status }: CronJob, jobs: readonly Job[], last: number | undefined): Status {
  const { active: _active, lastScheduleTime: _last, ...kept } = status ?? {};
  const ends = [status?.lastSuccessfulTime, ...jobs.map((job) => job.status?.completionTime)];
  const lastSuccess = Math.max(...ends.map((end) => Date.parse(end ?? '')).filter((end) => !Number.isNaN(end)));
  const active = jobs.filter(isRunning).map((job) => {
    const { name = '', namespace = '', uid = '' } = metaOf(job);
    return { apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid };
  });
  return {
    ...kept,
    ...(active.length > 0 ? { active } : {}),
    ...(last === undefined ? {} : { lastScheduleTime: toTime(new Date(last)) }),
    ...(lastSuccess === -Infinity ? {} : { lastSuccessfulTime: toTime(new Date(lastSuccess)) }),
  };
}

/** Those beyond the number that is kept. */
function oldest(jobs: readonly Job[], type: 'Complete' | 'Failed', limit = Infinity): Job[] {
  const startOf = ({ status }: Job) => Date.parse(status?.startTime ?? '') || Infinity;
  const ended = jobs
    .filter((job) => finishedCondition(job)?.type === type && metaOf(job).deletionTimestamp === undefined)
    .toSorted((a, b) => startOf(a) - startOf(b) || ((metaOf(a).name ?? '') < (metaOf(b).name ?? '') ? -1 : 1));
  return ended.slice(0, Math.max(0, ended.length - limit));
}
