import { forbiddenField, invalidValue, notSupported, type FieldError } from '../meta/field-error.ts';
import type { Deployment } from '../meta/types.ts';
import { atMostAll, readIntOrPercent, validateIntOrPercent } from './int-or-percent.ts';
import { nonNegative } from './value-rules.ts';
import { validateWorkload } from './workload-validation.ts';

type Spec = NonNullable<Deployment['spec']>;

const strategyField = 'spec.strategy';

/** ValidateRollingUpdateDeployment: an update that may neither add nor remove a pod never ends. */
function validateRollingUpdate({ strategy }: Spec): FieldError[] {
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  const field = `${strategyField}.rollingUpdate`;
  return [
    ...validateIntOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...validateIntOrPercent(`${field}.maxSurge`, maxSurge),
    ...(readIntOrPercent(maxSurge).number === 0 && readIntOrPercent(maxUnavailable).number === 0
      ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...atMostAll(`${field}.maxUnavailable`, maxUnavailable),
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
