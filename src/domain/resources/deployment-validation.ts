import { forbiddenField, invalidValue, notSupported, type FieldError } from '../meta/field-error.ts';
import type { Deployment } from '../meta/types.ts';
import { nonNegative } from './value-rules.ts';
import { validateWorkload } from './workload-validation.ts';

type Spec = NonNullable<Deployment['spec']>;
type Share = number | string | undefined;

const strategyField = 'spec.strategy';

/** A count of pods, or a share of them such as `25%`; NaN when it is neither. */
const shareOf = (share: Share): { number: number; isPercent: boolean } =>
  typeof share === 'string'
    ? { number: /^\d{1,9}%$/.test(share) ? Number(share.slice(0, -1)) : NaN, isPercent: true }
    : { number: share ?? 0, isPercent: false };

/** kubernetes pkg/apis/apps/validation/validation.go ValidatePositiveIntOrPercent */
const validateShare = (field: string, share: Share): FieldError[] =>
  Number.isNaN(shareOf(share).number)
    ? [
        invalidValue(
          field,
          share,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
      ]
    : nonNegative(field, shareOf(share).number);

/** ValidateRollingUpdateDeployment: an update that may neither add nor remove a pod never ends. */
function validateRollingUpdate({ strategy }: Spec): FieldError[] {
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  const field = `${strategyField}.rollingUpdate`;
  const unavailable = shareOf(maxUnavailable);
  return [
    ...validateShare(`${field}.maxUnavailable`, maxUnavailable),
    ...validateShare(`${field}.maxSurge`, maxSurge),
    ...(shareOf(maxSurge).number === 0 && unavailable.number === 0
      ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...(unavailable.isPercent && unavailable.number > 100
      ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%')]
      : []),
  ];
}

function validateStrategy(spec: Spec): FieldError[] {
  const { type, rollingUpdate } = spec.strategy ?? {};
  if (type === 'RollingUpdate') return validateRollingUpdate(spec);
  if (type !== 'Recreate') return [notSupported(`${strategyField}.type`, type ?? '', ['Recreate', 'RollingUpdate'])];
  return rollingUpdate
    ? [forbiddenField(`${strategyField}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
    : [];
}

/** ValidateDeploymentSpec */
export function validateDeployment({ spec }: Deployment): FieldError[] {
  if (!spec) return [];
  const { replicas, minReadySeconds = 0, revisionHistoryLimit, progressDeadlineSeconds } = spec;
  return [
    ...nonNegative('spec.replicas', replicas),
    ...validateWorkload(spec, 'deployment'),
    ...validateStrategy(spec),
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', revisionHistoryLimit),
    ...nonNegative('spec.progressDeadlineSeconds', progressDeadlineSeconds),
    ...(progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= minReadySeconds
      ? [invalidValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds')]
      : []),
  ];
}
