import { humanDuration } from '../meta/human-duration.ts';
import type { Job, JobSpec, JobStatus } from '../meta/types.ts';
import { columnsOfPart } from './columns-of-part.ts';
import { hostnameWarnings } from './hostname-warnings.ts';
import { finishedCondition, trueCondition } from './job-conditions.ts';
import { defaultJob, withLabelsOfPods } from './job-defaults.ts';
import { withGeneratedSelector } from './job-selector.ts';
import { validateJobStatus } from './job-status-validation.ts';
import { validateJob, validateJobUpdate } from './job-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { podWarnings } from './pod-warnings.ts';
import { defineResource, type Column } from './resource-definition.ts';
import { workloadColumns } from './workload-columns.ts';

/** kubernetes pkg/api/job/warnings.go */
export const jobWarnings = (spec: JobSpec, field: string): string[] => [
  ...(spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 100_000 && (spec.parallelism ?? 0) > 10_000
    ? [
        `${field}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
      ]
    : []),
  ...podWarnings(spec.template, `${field}.template`),
];

/** printers.go printJob */
function statusCell({ metadata, status }: Job): string {
  const first = (types: readonly string[]) => types.find((type) => trueCondition(status, type));
  const going = metadata?.deletionTimestamp === undefined ? undefined : 'Terminating';
  return (
    first(['Complete', 'Failed']) ?? going ?? first(['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) ?? 'Running'
  );
}

function completionsCell({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationCell({ status }: Job, now: Date): string {
  const { startTime, completionTime } = status ?? {};
  if (startTime === undefined) return '';
  const end = completionTime === undefined ? now.getTime() : Date.parse(completionTime);
  return humanDuration((end - Date.parse(startTime)) / 1000);
}

/** What `-o wide` adds of a Job, or of what becomes one. */
export const jobTemplateColumns = <T>(specOf: (object: T) => JobSpec | undefined): Column<T>[] =>
  columnsOfPart(workloadColumns, (object: T) => {
    const { selector = {}, template } = specOf(object) ?? { template: {} };
    return { spec: { selector, template } };
  });

/** What pods are doing is seen again, unless the Job has ended; what they did is not, once they are gone. */
function keptStatus(status: JobStatus): JobStatus {
  if (finishedCondition({ status })) return status;
  const { active: _active, ready: _ready, terminating: _terminating, ...counted } = status;
  return counted;
}

/** kubernetes pkg/registry/batch/job/strategy.go */
export const jobs = defineResource<Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  keepsStatus: () => true,
  keptStatus: (status) => keptStatus(status as JobStatus),
  orphansByDefault: true,
  default: defaultJob,
  prepareForCreate: (job) => withLabelsOfPods(withGeneratedSelector(job)),
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatus: validateJobStatus,
  fields: [{ path: 'status.successful', value: ({ status }) => String(status?.succeeded ?? 0) }],
  warnings: (job) => [...hostnameWarnings(job, 'Pod names and hostnames'), ...jobWarnings(job.spec!, 'spec')],
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', cell: statusCell },
    { name: 'Completions', type: 'string', cell: completionsCell },
    { name: 'Duration', type: 'string', cell: durationCell },
    ageColumn,
    ...jobTemplateColumns<Job>(({ spec }) => spec),
  ],
});
