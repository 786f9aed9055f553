import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { fromLabelSelector, matches } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Job } from '../meta/types.ts';

const controllerUid = 'batch.kubernetes.io/controller-uid';

/** By which the pods of a Job are told from all others; those without a prefix are from before there were prefixes. */
const generatedLabels = (job: Job): Record<string, string> => {
  const { name = '', uid = '' } = metaOf(job);
  return {
    'controller-uid': uid,
    'job-name': name,
    [controllerUid]: uid,
    'batch.kubernetes.io/job-name': name,
  };
};

/**
 * Selector and labels by which exactly this Job's pods are found, unless its author chose them. Labels that the author gave stay, to be
 * refused (kubernetes pkg/registry/batch/job/strategy.go generateSelector).
 */
export function withGeneratedSelector(job: Job): Job {
  const { spec } = job;
  if (!spec || spec.manualSelector) return job;
  const { uid = '' } = metaOf(job);
  const { template, selector } = spec;
  return {
    ...job,
    spec: {
      ...spec,
      selector: { ...selector, matchLabels: { [controllerUid]: uid, ...selector?.matchLabels } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...generatedLabels(job), ...template.metadata?.labels } },
      },
    },
  };
}

/** kubernetes pkg/apis/batch/validation/validation.go validateGeneratedSelector */
export function validateGeneratedSelector(job: Job): FieldError[] {
  const { selector, manualSelector, template } = job.spec!;
  if (manualSelector || !selector) return [];
  const expected = generatedLabels(job);
  const labels = template.metadata?.labels ?? {};
  return [
    ...Object.entries(expected).flatMap(([key, value]) => hasLabel(labels, key, value)),
    ...(matches(fromLabelSelector(selector) ?? [], expected)
      ? []
      : [invalidValue('spec.selector', selector, '`selector` not auto-generated')]),
  ];
}

function hasLabel(labels: Readonly<Record<string, string>>, key: string, value: string): FieldError[] {
  const field = `spec.template.metadata.labels[${key}]`;
  if (!Object.hasOwn(labels, key)) return [required(field, `must be '${value}'`)];
  return labels[key] === value ? [] : [invalidValue(field, labels, `must be '${value}'`)];
}
