import { metaOf } from '../../meta/object-key.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import type { EventType } from '../../registry/event-recorder.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import type { CronJobPlan } from './cronjob-plan.ts';
import { dueTimeOf } from './scheduled-jobs.ts';

/** What users are told of a CronJob as long as it is so; `about` tells it from the same at another time. */
export type CronJobNotice = { type: EventType; reason: string; message: string; about?: number };

/** With the reasons and texts of kubernetes pkg/controller/cronjob/cronjob_controllerv2.go and utils.go. */
export function noticesOf({ spec }: CronJob, own: readonly Job[], plan: CronJobPlan): CronJobNotice[] {
  const { blocked, missed, tooManyMissed, neverDue } = plan;
  const notices: CronJobNotice[] = own.filter(isUnexpected).map((job) => ({
    type: 'Warning',
    reason: 'UnexpectedJob',
    message: `Saw a job that the controller did not create or forgot: ${metaOf(job).name}`,
  }));
  if (neverDue) {
    const why = 'time difference between two schedules is less than 1 second';
    notices.push({
      type: 'Warning',
      reason: 'InvalidSchedule',
      message: `invalid schedule: ${spec!.schedule} : ${why}`,
    });
  }
  if (blocked) {
    const message = 'Not starting job because prior execution is running and concurrency policy is Forbid';
    notices.push({ type: 'Normal', reason: 'JobAlreadyActive', message, about: blocked.getTime() });
  }
  if (missed) {
    const message = `Missed scheduled time to start a job: ${rfc1123(missed)}`;
    notices.push({ type: 'Warning', reason: 'MissSchedule', message });
  }
  if (tooManyMissed) {
    const message = 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    notices.push({ type: 'Warning', reason: 'TooManyMissedTimes', message });
  }
  return notices;
}

/** Made of the CronJob by somebody: it counts for no policy. */
const isUnexpected = (job: Job): boolean => !finishedCondition(job) && dueTimeOf(job) === undefined;

/** Go's time.RFC1123Z: `Sun, 01 Mar 2026 10:10:00 +0000` */
const rfc1123 = (time: Date): string => time.toUTCString().replace('GMT', '+0000');

/** Remembers what has been told and is still so, for a CronJob is looked at more often than anything comes to pass. */
export class StandingNotices {
  readonly #told = new Map<string, ReadonlySet<string>>();

  /** Those that were not so at the last look. */
  fresh(key: string, notices: readonly CronJobNotice[]): CronJobNotice[] {
    const before = this.#told.get(key);
    if (notices.length === 0) this.#told.delete(key);
    else this.#told.set(key, new Set(notices.map(identityOf)));
    return notices.filter((notice) => !before?.has(identityOf(notice)));
  }

  forget(key: string): void {
    this.#told.delete(key);
  }
}

const identityOf = ({ reason, message, about = 0 }: CronJobNotice): string => `${reason} ${about} ${message}`;
