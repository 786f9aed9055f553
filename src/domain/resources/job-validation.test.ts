import { beforeAll, describe, expect, it } from 'vitest';
import type { CronJob, Job, JobSpec, JobStatus } from '../meta/types.ts';
import { cronJobs } from './cron-job.ts';
import { jobs } from './job.ts';

beforeAll(() => cronJobs.ready!());

const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'i' }] } };
const metadata = { name: 'batch', namespace: 'default', uid: 'u1' };

const created = (spec: Partial<JobSpec> = {}): Job =>
  jobs.prepareForCreate(jobs.default({ metadata, spec: { template, ...spec } }));

const textsOf = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

it('gets its defaults, a selector of its own, and the labels of its pods', () => {
  const { spec, metadata: meta } = created();
  const labels = {
    'controller-uid': 'u1',
    'job-name': 'batch',
    'batch.kubernetes.io/controller-uid': 'u1',
    'batch.kubernetes.io/job-name': 'batch',
  };
  expect(spec).toMatchObject({
    completions: 1,
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u1' } },
    template: { metadata: { labels }, spec: { dnsPolicy: 'ClusterFirst' } },
  });
  expect(meta?.labels).toEqual(labels);
  expect(created({ parallelism: 2 }).spec).not.toHaveProperty('completions');
  expect(jobs.validate(created())).toEqual([]);
});

it('keeps the selector that its author wants', () => {
  const own = { matchLabels: { app: 'batch' } };
  const job = created({
    manualSelector: true,
    selector: own,
    template: { ...template, metadata: { labels: { app: 'batch' } } },
  });
  expect(job.spec).toMatchObject({ selector: own, template: { metadata: { labels: { app: 'batch' } } } });
  expect(jobs.validate(job)).toEqual([]);
});

const indexed = { completionMode: 'Indexed', completions: 5 };
const failurePolicy = (...rules: object[]) => ({ podFailurePolicy: { rules } }) as Partial<JobSpec>;
const onExitCodes = { operator: 'In', values: [1] };

it.each<[string, Partial<JobSpec>]>([
  ['spec.parallelism: Invalid value: -1: must be greater than or equal to 0', { parallelism: -1 }],
  [
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    { template: { spec: { containers: template.spec.containers } } },
  ],
  ['spec.completions: Required value: when completion mode is Indexed', { completionMode: 'Indexed', parallelism: 1 }],
  [
    'spec.completionMode: Unsupported value: "Some": supported values: "NonIndexed", "Indexed"',
    { completionMode: 'Some' },
  ],
  [
    'spec.maxFailedIndexes: Invalid value: 6: must be less than or equal to completions',
    { ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 6 },
  ],
  [
    'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
    { ...indexed, maxFailedIndexes: 1 },
  ],
  ['spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode', { backoffLimitPerIndex: 1 }],
  ['spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")', { managedBy: 'me' }],
  [
    'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    { podReplacementPolicy: 'Never' },
  ],
  [
    'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
    failurePolicy({ onExitCodes }),
  ],
  [
    'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
    failurePolicy({ action: 'FailIndex', onExitCodes }),
  ],
  [
    'spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required',
    failurePolicy({ action: 'Ignore' }),
  ],
  [
    'spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator',
    failurePolicy({ action: 'Ignore', onExitCodes: { operator: 'In', values: [0] } }),
  ],
  [
    'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1]: must be ordered',
    failurePolicy({ action: 'Ignore', onExitCodes: { operator: 'In', values: [2, 1] } }),
  ],
  [
    'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "b": must be one of the container or initContainer names in the pod template',
    failurePolicy({ action: 'Ignore', onExitCodes: { ...onExitCodes, containerName: 'b' } }),
  ],
  [
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    {
      ...failurePolicy({ action: 'Ignore', onExitCodes }),
      template: { spec: { ...template.spec, restartPolicy: 'OnFailure' } },
    },
  ],
  [
    'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "7": error parsing succeededIndexes: too large index: "7"',
    { ...indexed, successPolicy: { rules: [{ succeededIndexes: '7' }] } },
  ],
  [
    'spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)',
    { ...indexed, successPolicy: { rules: [{ succeededIndexes: '0-1', succeededCount: 3 }] } },
  ],
  [
    'spec.template.metadata.labels[job-name]: Invalid value: {"controller-uid":"u1","job-name":"other","batch.kubernetes.io/controller-uid":"u1","batch.kubernetes.io/job-name":"batch"}: must be \'batch\'',
    { template: { ...template, metadata: { labels: { 'job-name': 'other' } } } },
  ],
])('%s', (text, spec) => {
  const job = created(spec);
  expect(textsOf(jobs.validate(job))).toEqual([text]);
});

describe('a change', () => {
  const changed = (before: Partial<JobSpec>, after: Partial<JobSpec>, status: JobStatus = {}) => {
    const current = { ...created(before), status };
    return textsOf(jobs.validateUpdate({ ...current, spec: { ...current.spec!, ...after } }, current));
  };

  it.each<[Partial<JobSpec>, Partial<JobSpec>, string | undefined]>([
    [{}, { parallelism: 3, suspend: true, backoffLimit: 1 }, undefined],
    [{}, { completions: 2 }, 'spec.completions: Invalid value: 2: field is immutable'],
    [
      { ...indexed, parallelism: 5 },
      { completions: 6 },
      'spec.completions: Invalid value: 6: can only be modified in tandem with spec.parallelism',
    ],
    [{ ...indexed, parallelism: 5 }, { completions: 6, parallelism: 6 }, undefined],
    [{}, { completionMode: 'Indexed' }, 'spec.completionMode: Invalid value: "Indexed": field is immutable'],
  ])('from %j to %j', (before, after, text) => {
    expect(changed(before, after)).toEqual(text === undefined ? [] : [text]);
  });

  const placed = (job: Job): JobSpec['template'] => ({
    ...job.spec!.template,
    spec: { ...job.spec!.template.spec!, nodeSelector: { disk: 'ssd' } },
  });

  it('of where pods run is for Jobs that have never started', () => {
    const after = { template: placed(created()) };
    expect(changed({ suspend: true }, after)).toEqual([]);
    expect(changed({ suspend: true }, after, { startTime: '2026-01-01T00:00:00Z' })).toHaveLength(1);
    expect(changed({}, after)).toHaveLength(1);
  });
});

it.each<[JobStatus, JobStatus, string]>([
  [{ failed: 2 }, { failed: 1 }, 'status.failed: Invalid value: 1: cannot decrease the failed counter'],
  [
    {},
    { uncountedTerminatedPods: { succeeded: ['a'], failed: ['a'] } },
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
  ],
  [
    {},
    { completedIndexes: '1' },
    'status.completedIndexes: Invalid value: "1": cannot set non-empty completedIndexes when non-indexed completion mode',
  ],
  [
    { conditions: [{ type: 'Failed', status: 'True' }] },
    { conditions: [] },
    'status.conditions: Invalid value: cannot disable the terminal Failed=True condition',
  ],
])('status from %j to %j', (before, after, text) => {
  const job = created({ completions: 3 });
  const texts = textsOf(jobs.validateStatus({ ...job, status: after }, { ...job, status: before }));
  expect(texts).toContain(text);
});

describe('CronJobs', () => {
  const of = (spec: Partial<NonNullable<CronJob['spec']>>): string[] => {
    const jobTemplate = { spec: { template } };
    return textsOf(
      cronJobs.validate(cronJobs.default({ metadata, spec: { schedule: '@daily', jobTemplate, ...spec } })),
    );
  };

  it.each<[Partial<NonNullable<CronJob['spec']>>, string[]]>([
    [{}, []],
    [{ timeZone: 'Europe/Berlin' }, []],
    [{ schedule: '' }, ['spec.schedule: Required value']],
    [{ schedule: '* *' }, ['spec.schedule: Invalid value: "* *": expected exactly 5 fields, found 2: [* *]']],
    [
      { schedule: 'CRON_TZ=UTC 0 0 * * *' },
      [
        'spec.schedule: Invalid value: "CRON_TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ],
    ],
    [{ timeZone: 'Mars/Base' }, ['spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base']],
    [{ timeZone: '+01:00' }, ['spec.timeZone: Invalid value: "+01:00": unknown time zone +01:00']],
    [
      { timeZone: 'Local' },
      [
        'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ],
    ],
    [
      { concurrencyPolicy: 'Queue' },
      ['spec.concurrencyPolicy: Unsupported value: "Queue": supported values: "Allow", "Forbid", "Replace"'],
    ],
    [
      { jobTemplate: { spec: { template, selector: { matchLabels: { a: 'b' } } } } },
      ['spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: `selector` will be auto-generated'],
    ],
  ])('%j', (spec, texts) => expect(of(spec)).toEqual(texts));
});
