import { invalidValue, type FieldError } from '../meta/field-error.ts';
import type { PodDisruptionBudget } from '../meta/types.ts';
import { atMostAll, validateIntOrPercent } from './int-or-percent.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { oneOf } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes pkg/apis/policy/validation/validation.go ValidatePodDisruptionBudgetSpec */
function validateBudget({ spec }: PodDisruptionBudget): FieldError[] {
  if (!spec) return [];
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  const bothSet = minAvailable !== undefined && maxUnavailable !== undefined;
  const shares = Object.entries({ minAvailable, maxUnavailable });
  return [
    ...(bothSet ? [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...shares.flatMap(([name, share]) => validateIntOrPercent(`spec.${name}`, share)),
    ...shares.flatMap(([name, share]) => atMostAll(`spec.${name}`, share)),
    ...(selector ? validateLabelSelector(selector, 'spec.selector') : []),
    ...oneOf('spec.unhealthyPodEvictionPolicy', unhealthyPodEvictionPolicy, ['AlwaysAllow', 'IfHealthyBudget']),
  ];
}

/** Of what nobody has counted yet. */
const uncounted = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

/** kubernetes pkg/registry/policy/poddisruptionbudget/strategy.go */
export const podDisruptionBudgets = defineResource<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  scope: 'Namespaced',
  subresources: ['status'],
  hasGeneration: true,
  unconditionalUpdate: false,
  default: (budget) => ({ ...budget, spec: budget.spec ?? {}, status: withDefaults(budget.status ?? {}, uncounted) }),
  validate: validateBudget,
  columns: [
    nameColumn,
    { name: 'Min Available', type: 'string', cell: ({ spec }) => String(spec?.minAvailable ?? 'N/A') },
    { name: 'Max Unavailable', type: 'string', cell: ({ spec }) => String(spec?.maxUnavailable ?? 'N/A') },
    { name: 'Allowed Disruptions', type: 'integer', cell: ({ status }) => status?.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
});
