import { metaOf } from '../meta/object-key.ts';
import type { Job, JobSpec } from '../meta/types.ts';
import { defaultPodTemplate } from './pod-spec-defaults.ts';
import { withDefaults } from './with-defaults.ts';

/** As many as Kubernetes can count: with a limit per index there is no limit of the whole. */
const unlimited = 2 ** 31 - 1;

type FailurePolicy = NonNullable<JobSpec['podFailurePolicy']>;

const defaultFailurePolicy = (policy: FailurePolicy): FailurePolicy => ({
  ...policy,
  rules: (policy.rules ?? []).map((rule) =>
    rule.onPodConditions
      ? { ...rule, onPodConditions: rule.onPodConditions.map((pattern) => withDefaults(pattern, { status: 'True' })) }
      : rule,
  ),
});

/** What is filled in of every template of a Job, also in CronJobs. */
export const defaultJobTemplate = (spec: JobSpec): JobSpec => ({
  ...spec,
  ...(spec.podFailurePolicy ? { podFailurePolicy: defaultFailurePolicy(spec.podFailurePolicy) } : {}),
  template: defaultPodTemplate(spec.template),
});

/** Neither number given means one pod that has to succeed; only parallelism given means that any pod's success is the Job's. */
function defaultJobSpec(given: JobSpec): JobSpec {
  const spec = defaultJobTemplate(given);
  const isSingle = (spec.completions ?? spec.parallelism) === undefined;
  return withDefaults(spec, {
    ...(isSingle ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : unlimited,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  });
}

/** A Job without labels has those of its pods. */
export function withLabelsOfPods(job: Job): Job {
  const { labels } = job.spec?.template.metadata ?? {};
  if (labels === undefined || Object.keys(metaOf(job).labels ?? {}).length > 0) return job;
  return { ...job, metadata: { ...metaOf(job), labels } };
}

/** kubernetes pkg/apis/batch/v1/defaults.go SetDefaults_Job */
export const defaultJob = (job: Job): Job =>
  withLabelsOfPods({ ...job, spec: defaultJobSpec(job.spec ?? { template: {} }), status: job.status ?? {} });
