import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import type { DaemonSet } from '../meta/types.ts';
import { atMostAll, readIntOrPercent, validateIntOrPercent } from './int-or-percent.ts';
import { nonNegative } from './value-rules.ts';
import { validateWorkload } from './workload-validation.ts';

type Spec = NonNullable<DaemonSet['spec']>;
type RollingUpdate = NonNullable<NonNullable<Spec['updateStrategy']>['rollingUpdate']>;

const strategyField = 'spec.updateStrategy';

/** ValidateRollingUpdateDaemonSet: an update either takes pods away first or adds them first. */
function validateRollingUpdate({ maxSurge, maxUnavailable }: RollingUpdate): FieldError[] {
  const field = `${strategyField}.rollingUpdate`;
  const [surges, removes] = [maxSurge, maxUnavailable].map((amount) => readIntOrPercent(amount).number !== 0);
  return [
    ...validateIntOrPercent(`${field}.maxUnavailable`, maxUnavailable),
    ...validateIntOrPercent(`${field}.maxSurge`, maxSurge),
    ...atMostAll(`${field}.maxUnavailable`, maxUnavailable),
    ...atMostAll(`${field}.maxSurge`, maxSurge),
    ...(surges && removes
      ? [invalidValue(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')]
      : []),
    ...(!surges && !removes ? [required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')] : []),
  ];
}

function validateStrategy({ updateStrategy }: Spec): FieldError[] {
  const { type, rollingUpdate } = updateStrategy ?? {};
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate') return [notSupported(strategyField, updateStrategy, ['RollingUpdate', 'OnDelete'])];
  return rollingUpdate ? validateRollingUpdate(rollingUpdate) : [required(`${strategyField}.rollingUpdate`)];
}

/** kubernetes pkg/apis/apps/validation/validation.go ValidateDaemonSetSpec */
export const validateDaemonSet = ({ spec }: DaemonSet): FieldError[] =>
  spec
    ? [
        ...validateWorkload(spec, 'daemonset'),
        ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
        ...validateStrategy(spec),
        ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
      ]
    : [];
