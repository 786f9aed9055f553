import { timeSince } from '../meta/human-duration.ts';
import type { CronJob } from '../meta/types.ts';
import { validateCronJob } from './cron-job-validation.ts';
import { loadCron } from './cron-schedule.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { defaultJobTemplate } from './job-defaults.ts';
import { jobTemplateColumns, jobWarnings } from './job.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { withDefaults } from './with-defaults.ts';

type Spec = NonNullable<CronJob['spec']>;
type Status = NonNullable<CronJob['status']>;

/** kubernetes pkg/apis/batch/v1/defaults.go SetDefaults_CronJob */
function defaultCronJob(cronJob: CronJob): CronJob {
  const spec = cronJob.spec ?? ({} as Spec);
  const { jobTemplate } = spec;
  return {
    ...cronJob,
    spec: {
      ...withDefaults(spec, {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
      }),
      jobTemplate: { ...jobTemplate, spec: defaultJobTemplate(jobTemplate?.spec ?? { template: {} }) },
    },
    status: cronJob.status ?? {},
  };
}

/** Which Jobs run can be seen; when the last one was due cannot, once it is gone. */
function keptStatus(status: Status): Status {
  const { active: _active, ...times } = status;
  return times;
}

/** kubernetes pkg/registry/batch/cronjob/strategy.go */
export const cronJobs = defineResource<CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  singular: 'cronjob',
  shortNames: ['cj'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  keepsStatus: () => true,
  keptStatus: (status) => keptStatus(status as Status),
  ready: loadCron,
  default: defaultCronJob,
  validate: validateCronJob,
  warnings: (cronJob) => [
    ...hostnameWarnings(cronJob, 'Pod names and hostnames'),
    ...jobWarnings(cronJob.spec!.jobTemplate.spec ?? { template: {} }, 'spec.jobTemplate.spec'),
  ],
  columns: [
    nameColumn,
    { name: 'Schedule', type: 'string', cell: ({ spec }) => spec?.schedule ?? '' },
    { name: 'Timezone', type: 'string', cell: ({ spec }) => spec?.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'boolean', cell: ({ spec }) => (spec?.suspend ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: ({ status }) => status?.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      type: 'string',
      cell: ({ status }, now) =>
        status?.lastScheduleTime === undefined ? '<none>' : timeSince(status.lastScheduleTime, now),
    },
    ageColumn,
    ...jobTemplateColumns<CronJob>(({ spec }) => spec?.jobTemplate.spec),
  ],
});
