import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { CronJob, Job } from '../../meta/types.ts';
import { cronJobs } from '../../resources/cron-job.ts';
import { finishedCondition } from '../../resources/job-conditions.ts';
import { controllerReference } from '../owner-references.ts';

/** When a Job was due, on Jobs that a schedule made (api/batch/v1 CronJobScheduledTimestampAnnotation). */
const scheduledTime = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Milliseconds since 1970; undefined for Jobs that people made of a CronJob. */
export function dueTimeOf(job: Job): number | undefined {
  const time = Date.parse(metaOf(job).annotations?.[scheduledTime] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** Made by the schedule and not at its end. */
export const isRunning = (job: Job): boolean => !finishedCondition(job) && dueTimeOf(job) !== undefined;

/** The same for the same minute, so that no time runs twice (kubernetes pkg/controller/cronjob/utils.go getJobFromTemplate2). */
export function jobDueAt(cronJob: CronJob, due: Date): Job {
  const { name = '', namespace = '' } = metaOf(cronJob);
  const { metadata, spec } = cronJob.spec!.jobTemplate;
  return {
    metadata: {
      name: `${name}-${Math.floor(due.getTime() / 60_000)}`,
      namespace,
      ...(metadata?.labels ? { labels: metadata.labels } : {}),
      annotations: { ...metadata?.annotations, [scheduledTime]: toTime(due) },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    ...(spec ? { spec } : {}),
  };
}
