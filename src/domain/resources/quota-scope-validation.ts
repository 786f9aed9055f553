import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { ResourceQuota } from '../meta/types.ts';
import { isQuotaName } from './standard-resource-names.ts';

type Spec = NonNullable<ResourceQuota['spec']>;
type Requirement = NonNullable<NonNullable<Spec['scopeSelector']>['matchExpressions']>[number];

const ofPods = /^(pods|cpu|memory|(requests|limits)\.(cpu|memory))$/;
const onlyPods = /^pods$/;
const onlyClaims = /^(persistentvolumeclaims|requests\.storage)$/;

/** Which standard resources a scope makes sense for (kubernetes pkg/apis/core/helper/helpers.go IsResourceQuotaScopeValidForResource). */
const scopes = new Map([
  ['BestEffort', onlyPods],
  ['CrossNamespacePodAffinity', ofPods],
  ['NotBestEffort', ofPods],
  ['NotTerminating', ofPods],
  ['PriorityClass', ofPods],
  ['Terminating', ofPods],
  ['VolumeAttributesClass', onlyClaims],
]);

/** Scopes that are about a value, not only about being there. */
const withValues = new Set(['PriorityClass', 'VolumeAttributesClass']);

const conflicts = [
  ['BestEffort', 'NotBestEffort'],
  ['NotTerminating', 'Terminating'],
];

const validateConflicts = (given: readonly string[], value: unknown, field: string): FieldError[] =>
  conflicts.some((pair) => pair.every((scope) => given.includes(scope)))
    ? [invalidValue(field, value, 'conflicting scopes')]
    : [];

const misapplied = (scope: string, { hard = {} }: Spec): string[] =>
  Object.keys(hard).filter((name) => isQuotaName(name) && scopes.get(scope)?.test(name) === false);

/** kubernetes pkg/apis/core/validation/validation.go validateResourceQuotaScopes */
function validateScopes(spec: Spec): FieldError[] {
  const given = spec.scopes ?? [];
  const refused = (detail: string) => invalidValue('spec.scopes', given, detail);
  return [
    ...given.flatMap((scope) => [
      ...(scopes.has(scope) ? [] : [refused('unsupported scope')]),
      ...misapplied(scope, spec).map(() => refused('unsupported scope applied to resource')),
    ]),
    ...validateConflicts(given, given, 'spec.scopes'),
  ];
}

const field = 'spec.scopeSelector.matchExpressions';

/** validateScopedResourceSelectorRequirement, whose errors do not say which element they are about */
function validateSelector(spec: Spec): FieldError[] {
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  const names = requirements.map(({ scopeName }) => scopeName);
  return [
    ...requirements.flatMap((requirement) => validateRequirement(requirement, spec)),
    ...validateConflicts(names, spec.scopes ?? [], field),
  ];
}

function validateRequirement({ scopeName, operator, values = [] }: Requirement, spec: Spec): FieldError[] {
  const wantsExists = scopes.has(scopeName) && !withValues.has(scopeName);
  const onlyExists =
    "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
  return [
    ...(scopes.has(scopeName) ? [] : [invalidValue(`${field}.scopeName`, scopeName, 'unsupported scope')]),
    ...misapplied(scopeName, spec).map(() =>
      invalidValue(field, spec.scopeSelector, 'unsupported scope applied to resource'),
    ),
    ...(wantsExists && operator !== 'Exists' ? [invalidValue(`${field}.operator`, operator, onlyExists)] : []),
    ...validateOperator(operator, values),
  ];
}

function validateOperator(operator: string, values: readonly string[]): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const detail = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
      return values.length === 0 ? [required(`${field}.values`, detail)] : [];
    }
    case 'Exists':
    case 'DoesNotExist': {
      const detail = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
      return values.length > 0 ? [invalidValue(`${field}.values`, values, detail)] : [];
    }
    default:
      return [invalidValue(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

export const validateQuotaScopes = (spec: Spec): FieldError[] => [...validateScopes(spec), ...validateSelector(spec)];
