import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { fromLabelSelector, matches, type Selector } from '../meta/label-selector.ts';
import { validateAnnotations, validateLabels } from '../meta/label-validation.ts';
import type { LabelSelector, PodTemplateSpec } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { validateRealtime } from './realtime-annotations.ts';
import { validatePodSpec } from './pod-spec-validation.ts';

type Templated = { template?: PodTemplateSpec };
type WorkloadSpec = Templated & { selector: LabelSelector };

/** By the kind as messages about selectors have it, the kind that makes the pods. */
const podOwners = {
  deployment: 'ReplicaSet',
  replicaset: 'ReplicaSet',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
} as const;

/** A selector that chooses everything would take all pods of the namespace. */
function validateSelector(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined) return [required('spec.selector')];
  const isEmpty = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  return isEmpty
    ? [invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`)]
    : validateLabelSelector(selector, 'spec.selector');
}

function selectsItself(selector: Selector, { template }: Templated): FieldError[] {
  const labels = template?.metadata?.labels ?? {};
  return matches(selector, labels)
    ? []
    : [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

/** What runs for ever can neither end nor be told to; `owner` is the kind that makes the pods. */
const runsForEver = ({ template }: Templated, owner: string): FieldError[] => [
  ...(template?.spec?.restartPolicy === 'Always'
    ? []
    : [notSupported('spec.template.spec.restartPolicy', template?.spec?.restartPolicy ?? '', ['Always'])]),
  ...(template?.spec?.activeDeadlineSeconds === undefined
    ? []
    : [
        forbiddenField(
          'spec.template.spec.activeDeadlineSeconds',
          `activeDeadlineSeconds in ${owner} is not Supported`,
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

/** The template of pods that run for ever, which their owner has to select. */
export const validateEndlessPods = (spec: Templated, selector: Selector | undefined, owner: string): FieldError[] => [
  ...(selector ? selectsItself(selector, spec) : []),
  ...(spec.template ? validatePodTemplate(spec.template, 'spec.template') : [required('spec.template')]),
  ...runsForEver(spec, owner),
];

/** Selector and template of what runs pods for ever (kubernetes pkg/apis/apps/validation/validation.go). */
export function validateWorkload(spec: WorkloadSpec, kind: keyof typeof podOwners): FieldError[] {
  const selectorErrors = validateSelector(spec.selector, kind);
  const selector = selectorErrors.length === 0 ? fromLabelSelector(spec.selector) : undefined;
  return [...selectorErrors, ...validateEndlessPods(spec, selector, podOwners[kind])];
}

/** Pods would be orphaned, or taken from others. */
export const keepsSelector = (next: WorkloadSpec | undefined, current: WorkloadSpec | undefined): FieldError[] =>
  sameJson(next?.selector, current?.selector)
    ? []
    : [invalidValue('spec.selector', next?.selector, 'field is immutable')];
