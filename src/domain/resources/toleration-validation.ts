import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import type { PodSpec } from '../meta/types.ts';
import { eachOf, named, oneOf } from './value-rules.ts';

type Toleration = NonNullable<PodSpec['tolerations']>[number];

export const taintEffects = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'];

/** kubernetes pkg/apis/core/validation/validation.go ValidateTolerations */
function validateToleration(toleration: Toleration, field: string): FieldError[] {
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  return [
    ...(key ? named(`${field}.key`, key, qualifiedName) : []),
    ...(!key && operator !== 'Exists'
      ? [
          invalidValue(
            `${field}.operator`,
            operator ?? '',
            'operator must be Exists when `key` is empty, which means "match all values and all keys"',
          ),
        ]
      : []),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? [invalidValue(`${field}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...oneOf(`${field}.operator`, operator || undefined, ['Equal', 'Exists']),
    ...(operator === 'Exists' && value
      ? [invalidValue(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'")]
      : []),
    ...oneOf(`${field}.effect`, effect || undefined, taintEffects),
  ];
}

export const validateTolerations = (tolerations: readonly Toleration[] | undefined, field: string): FieldError[] =>
  eachOf(field, tolerations, validateToleration);
