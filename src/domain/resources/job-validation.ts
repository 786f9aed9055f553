import { sameJson } from '../meta/deep-equal.ts';
import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { fromLabelSelector, matches } from '../meta/label-selector.ts';
import { dnsLabel } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Job, JobSpec, PodTemplateSpec } from '../meta/types.ts';
import { validateGeneratedSelector } from './job-selector.ts';
import { validateJobSpec } from './job-spec-validation.ts';
import { validateLabelSelector } from './label-selector-validation.ts';

const validateSelector = ({ selector, template }: JobSpec): FieldError[] => {
  const labels = template.metadata?.labels ?? {};
  return [
    ...(selector ? validateLabelSelector(selector, 'spec.selector') : [required('spec.selector')]),
    ...(matches(fromLabelSelector(selector) ?? [], labels)
      ? []
      : [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]),
  ];
};

/** Pods of an Indexed Job are called after it and their index. */
function validateHostname(job: Job): FieldError[] {
  const { completionMode, completions = 0 } = job.spec!;
  if (completionMode !== 'Indexed' || completions <= 0) return [];
  const { name = '' } = metaOf(job);
  const longest = `${name}-${completions - 1}`;
  return dnsLabel(longest).length === 0
    ? []
    : [invalidValue('metadata.name', name, `will not able to create pod with invalid DNS label: ${longest}`)];
}

/** kubernetes pkg/apis/batch/validation/validation.go ValidateJob */
export const validateJob = (job: Job): FieldError[] => [
  ...validateGeneratedSelector(job),
  ...validateJobSpec(job.spec!, 'spec'),
  ...validateSelector(job.spec!),
  ...validateHostname(job),
];

const immutable = (field: string, next: unknown, current: unknown): FieldError[] =>
  sameJson(next, current) ? [] : [invalidValue(field, next, 'field is immutable')];

/** Indexes can be added and taken away while as many run as there are. */
function validateCompletions(next: JobSpec, current: JobSpec): FieldError[] {
  const field = 'spec.completions';
  if (next.completionMode !== 'Indexed') return immutable(field, next.completions, current.completions);
  return next.completions === current.completions ||
    next.completions === undefined ||
    next.completions === next.parallelism
    ? []
    : [invalidValue(field, next.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Without what says where pods may run. */
function unplaced({ metadata, spec }: PodTemplateSpec): PodTemplateSpec {
  const { labels: _labels, annotations: _annotations, ...meta } = metadata ?? {};
  if (!spec) return { metadata: meta };
  const { nodeSelector: _selector, tolerations: _tolerations, schedulingGates: _gates, affinity, ...rest } = spec;
  const { nodeAffinity: _node, ...others } = affinity ?? {};
  return { metadata: meta, spec: { ...rest, ...(Object.keys(others).length === 0 ? {} : { affinity: others }) } };
}

/** A queue may hold a Job back and say where its pods go before it starts for the first time. */
function validateTemplateUpdate(next: Job, current: Job): FieldError[] {
  const waits = current.spec!.suspend === true && current.status?.startTime === undefined;
  const [to, from] = [next.spec!.template, current.spec!.template];
  if (waits && sameJson(unplaced(to), unplaced(from))) return [];
  return immutable('spec.template', to, from);
}

const fixed = [
  'selector',
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
] as const;

/** ValidateJobSpecUpdate */
export const validateJobUpdate = (next: Job, current: Job): FieldError[] => [
  ...validateCompletions(next.spec!, current.spec!),
  ...validateTemplateUpdate(next, current),
  ...fixed.flatMap((name) => immutable(`spec.${name}`, next.spec![name], current.spec![name])),
];
