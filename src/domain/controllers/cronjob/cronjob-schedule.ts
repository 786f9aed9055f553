import { errorMessage } from '../../meta/error-message.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { CronJob } from '../../meta/types.ts';
import { type CronSchedule, parseSchedule } from '../../resources/cron-schedule.ts';
import { isTimeZone } from '../../resources/time-zone.ts';
import type { CronJobNotice } from './cronjob-notices.ts';

/** Neither while nothing is to be started. */
export type ScheduleOrProblem = { schedule?: CronSchedule; problem?: CronJobNotice };

/**
 * When this CronJob starts Jobs. What is written is checked, yet a schedule that was good once may be no more: another k2d knew more time
 * zones (kubernetes pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob).
 */
export function scheduleOf(cronJob: CronJob): ScheduleOrProblem {
  const { schedule, timeZone, suspend } = cronJob.spec!;
  if (metaOf(cronJob).deletionTimestamp !== undefined) return {};
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    const message = `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`;
    return { problem: { type: 'Warning', reason: 'UnknownTimeZone', message } };
  }
  if (suspend) return {};
  try {
    return { schedule: parseSchedule(schedule, timeZone) };
  } catch (error) {
    const message = `unparseable schedule: ${JSON.stringify(schedule)} : ${errorMessage(error)}`;
    return { problem: { type: 'Warning', reason: 'UnparseableSchedule', message } };
  }
}
