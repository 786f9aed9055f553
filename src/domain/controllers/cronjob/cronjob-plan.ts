import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import type { CronSchedule } from '../../resources/cron-schedule.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { dueTimes } from './due-times.ts';
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
  /** Why nothing is started although something is due. */
  isBlocked: boolean;
  tooManyMissed: boolean;
  /** The next due time, if it is to be waited for. */
  next?: Date;
};

/** What a CronJob needs now (kubernetes pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob). */
export function planCronJob(cronJob: CronJob, jobs: readonly Job[], schedule: CronSchedule, now: Date): CronJobPlan {
  const spec = cronJob.spec!;
  const running = jobs.filter(isRunning);
  const last = lastScheduled(cronJob, jobs, now);
  const idle = spec.suspend === true || metaOf(cronJob).deletionTimestamp !== undefined;
  const { due, tooManyMissed } = idle
    ? { tooManyMissed: false }
    : dueTimes(schedule, sinceWhen(cronJob, last, now), now);
  const isBlocked = due !== undefined && spec.concurrencyPolicy === 'Forbid' && running.length > 0;
  const start = isBlocked ? undefined : due;
  const next = idle ? undefined : schedule.after(now);
  return {
    ...(start ? { start } : {}),
    replace: start && spec.concurrencyPolicy === 'Replace' ? running : [],
    status: statusOf(cronJob, jobs, start?.getTime() ?? last),
    forget: [
      ...oldest(jobs, 'Complete', spec.successfulJobsHistoryLimit),
      ...oldest(jobs, 'Failed', spec.failedJobsHistoryLimit),
    ],
    isBlocked,
    tooManyMissed: tooManyMissed && !isBlocked,
    ...(next ? { next } : {}),
  };
}

/** Jobs tell it too, should k2d have died before it was written down. */
function lastScheduled({ status }: CronJob, jobs: readonly Job[], now: Date): number | undefined {
  const times = [Date.parse(status?.lastScheduleTime ?? ''), ...jobs.map((job) => dueTimeOf(job) ?? NaN)];
  const credible = times.filter((time) => time <= now.getTime() + wrongClockMs);
  return credible.length === 0 ? undefined : Math.max(...credible);
}

/** Nothing before it is made up for. */
function sinceWhen(cronJob: CronJob, last: number | undefined, now: Date): Date {
  const since = last ?? Math.min(Date.parse(metaOf(cronJob).creationTimestamp ?? ''), now.getTime());
  const { startingDeadlineSeconds } = cronJob.spec!;
  const earliest = startingDeadlineSeconds === undefined ? since : now.getTime() - startingDeadlineSeconds * 1000;
  return new Date(Math.max(since, earliest));
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
