import { sameJson } from '../meta/deep-equal.ts';
import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { parseQuantity } from '../meta/quantity.ts';
import type { ResourceList, ResourceQuota } from '../meta/types.ts';
import { validateQuotaScopes } from './quota-scope-validation.ts';
import { comesWhole, isQuotaName, validateResourceName } from './standard-resource-names.ts';

const nanoOfOne = 10n ** 9n;

function validateAmount(name: string, amount: string, field: string): FieldError[] {
  const nano = parseQuantity(amount)?.nano;
  if (nano === undefined) return [invalidValue(field, amount, 'must be a valid resource quantity')];
  return [
    ...(nano < 0n ? [invalidValue(field, amount, 'must be greater than or equal to 0')] : []),
    ...(comesWhole(name) && nano % nanoOfOne !== 0n ? [invalidValue(field, amount, 'must be an integer')] : []),
  ];
}

const validateHard = (hard: ResourceList): FieldError[] =>
  Object.entries(hard).flatMap(([name, amount]) => {
    const field = `spec.hard[${name}]`;
    const isKnown = name.includes('/') || isQuotaName(name);
    return [
      ...validateResourceName(name, field),
      ...(isKnown ? [] : [invalidValue(field, name, 'must be a standard resource for quota')]),
      ...validateAmount(name, amount, field),
    ];
  });

/** kubernetes pkg/apis/core/validation/validation.go ValidateResourceQuotaSpec */
export const validateResourceQuota = ({ spec = {} }: ResourceQuota): FieldError[] => [
  ...validateHard(spec.hard ?? {}),
  ...validateQuotaScopes(spec),
];

const sorted = (list: readonly string[] | undefined): string[] => [...new Set(list)].toSorted();

/** What was counted by one measure must not be compared by another (ValidateResourceQuotaUpdate). */
export const keepsScopes = ({ spec: next }: ResourceQuota, { spec: current }: ResourceQuota): FieldError[] =>
  sameJson(sorted(next?.scopes), sorted(current?.scopes))
    ? []
    : [invalidValue('spec.scopes', next?.scopes, 'field is immutable')];
