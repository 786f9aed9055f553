import { invalidValue, notSupported, required, tooLong, type FieldError } from '../meta/field-error.ts';
import { domainPrefixedPath } from '../meta/names.ts';
import type { JobSpec } from '../meta/types.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policy-validation.ts';
import { named, nonNegative } from './value-rules.ts';
import { validatePodTemplate } from './workload-validation.ts';

/** Of an Indexed Job, whose completed and failed indexes have to fit into its status. */
const manyIndexes = 100_000;
const mostWithManyIndexes = 10_000;

const longestManager = 63;

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

const atMost = (field: string, value: number | undefined, most: number, detail = ''): FieldError[] =>
  (value ?? 0) > most ? [invalidValue(field, value, `must be less than or equal to ${most}${detail}`)] : [];

function validateIndexed(spec: JobSpec, at: string): FieldError[] {
  const { completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
  const isLarge = (completions ?? 0) > manyIndexes && backoffLimitPerIndex !== undefined;
  const withMany = ` when completions are above ${manyIndexes} and used with backoff limit per index`;
  return [
    ...(completions === undefined ? [required(`${at}.completions`, 'when completion mode is Indexed')] : []),
    ...atMost(`${at}.parallelism`, parallelism, manyIndexes, ' when completion mode is Indexed'),
    ...(completions !== undefined && (maxFailedIndexes ?? 0) > completions
      ? [invalidValue(`${at}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions')]
      : []),
    ...atMost(`${at}.maxFailedIndexes`, maxFailedIndexes, manyIndexes),
    ...(isLarge
      ? [
          ...(maxFailedIndexes === undefined
            ? [required(`${at}.maxFailedIndexes`, `must be specified when completions is above ${manyIndexes}`)]
            : []),
          ...atMost(`${at}.parallelism`, parallelism, mostWithManyIndexes, withMany),
          ...atMost(`${at}.maxFailedIndexes`, maxFailedIndexes, mostWithManyIndexes, withMany),
        ]
      : []),
    ...(spec.successPolicy ? validateSuccessPolicy(spec, `${at}.successPolicy`) : []),
  ];
}

const validateNonIndexed = (spec: JobSpec, at: string): FieldError[] =>
  (['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'] as const)
    .filter((name) => spec[name] !== undefined)
    .map((name) => invalidValue(`${at}.${name}`, spec[name], 'requires indexed completion mode'));

function validateMode(spec: JobSpec, at: string): FieldError[] {
  const { completionMode = 'NonIndexed' } = spec;
  if (completionMode === 'Indexed') return validateIndexed(spec, at);
  if (completionMode === 'NonIndexed') return validateNonIndexed(spec, at);
  return [notSupported(`${at}.completionMode`, completionMode, ['NonIndexed', 'Indexed'])];
}

function validateReplacement({ podFailurePolicy, podReplacementPolicy }: JobSpec, field: string): FieldError[] {
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return podReplacementPolicy === undefined || supported.includes(podReplacementPolicy)
    ? []
    : [notSupported(field, podReplacementPolicy, supported)];
}

/** Pods of a Job come to an end. */
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, field: string): FieldError[] {
  const { restartPolicy = '' } = template.spec ?? {};
  if (['', 'Always'].includes(restartPolicy)) return [required(field, 'valid values: "OnFailure", "Never"')];
  if (!['OnFailure', 'Never'].includes(restartPolicy))
    return [notSupported(field, restartPolicy, ['OnFailure', 'Never'])];
  return podFailurePolicy && restartPolicy !== 'Never'
    ? [invalidValue(field, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

/** kubernetes pkg/apis/batch/validation/validation.go validateJobSpec */
export function validateJobSpec(spec: JobSpec, at: string): FieldError[] {
  const { managedBy } = spec;
  return [
    ...counts.flatMap((name) => nonNegative(`${at}.${name}`, spec[name])),
    ...(spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined
      ? [required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []),
    ...(managedBy === undefined ? [] : named(`${at}.managedBy`, managedBy, domainPrefixedPath)),
    ...((managedBy ?? '').length > longestManager ? [tooLong(`${at}.managedBy`, longestManager)] : []),
    ...validateMode(spec, at),
    ...(spec.podFailurePolicy ? validateFailurePolicy(spec, `${at}.podFailurePolicy`) : []),
    ...validateReplacement(spec, `${at}.podReplacementPolicy`),
    ...validatePodTemplate(spec.template, `${at}.template`),
    ...validateRestartPolicy(spec, `${at}.template.spec.restartPolicy`),
  ];
}
