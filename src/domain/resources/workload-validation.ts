import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { fromLabelSelector, matches } from '../meta/label-selector.ts';
import { validateAnnotations, validateLabels } from '../meta/label-validation.ts';
import type { LabelSelector, PodTemplateSpec } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { validateRealtime } from './realtime-annotations.ts';
import { validatePodSpec } from './pod-spec-validation.ts';

type WorkloadSpec = { selector: LabelSelector; template?: PodTemplateSpec };

/** A selector that chooses everything would take all pods of the namespace. */
function validateSelector(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined) return [required('spec.selector')];
  const isEmpty = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  return isEmpty
    ? [invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`)]
    : validateLabelSelector(selector, 'spec.selector');
}

function selectsItself({ selector, template }: WorkloadSpec): FieldError[] {
  const labels = template?.metadata?.labels ?? {};
  return matches(fromLabelSelector(selector) ?? [], labels)
    ? []
    : [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

/** What runs for ever can neither end nor be told to. */
const runsForEver = ({ template }: WorkloadSpec): FieldError[] => [
  ...(template?.spec?.restartPolicy === 'Always'
    ? []
    : [notSupported('spec.template.spec.restartPolicy', template?.spec?.restartPolicy ?? '', ['Always'])]),
  ...(template?.spec?.activeDeadlineSeconds === undefined
    ? []
    : [
        forbiddenField(
          'spec.template.spec.activeDeadlineSeconds',
          'activeDeadlineSeconds in ReplicaSet is not Supported',
        ),
      ]),
];

/** kubernetes pkg/apis/core/validation/validation.go ValidatePodTemplateSpec */
export const validatePodTemplate = ({ metadata, spec }: PodTemplateSpec, field: string): FieldError[] => [
  ...validateLabels(metadata?.labels ?? {}, `${field}.labels`),
  ...validateAnnotations(metadata?.annotations ?? {}, `${field}.annotations`),
  ...validateRealtime(metadata?.annotations, `${field}.metadata.annotations`),
  ...(spec ? validatePodSpec(spec, `${field}.spec`) : [required(`${field}.spec`)]),
];

/** Selector and template of what runs pods for ever; `kind` as messages have it (kubernetes pkg/apis/apps/validation/validation.go). */
export function validateWorkload(spec: WorkloadSpec, kind: 'deployment' | 'replicaset'): FieldError[] {
  const selectorErrors = validateSelector(spec.selector, kind);
  return [
    ...selectorErrors,
    ...(selectorErrors.length === 0 ? selectsItself(spec) : []),
    ...(spec.template ? validatePodTemplate(spec.template, 'spec.template') : [required('spec.template')]),
    ...runsForEver(spec),
  ];
}

/** Pods would be orphaned, or taken from others. */
export const keepsSelector = (next: WorkloadSpec | undefined, current: WorkloadSpec | undefined): FieldError[] =>
  sameJson(next?.selector, current?.selector)
    ? []
    : [invalidValue('spec.selector', next?.selector, 'field is immutable')];
