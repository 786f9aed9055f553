import { required, type FieldError } from '../meta/field-error.ts';
import { pathSegment } from '../meta/names.ts';
import type { ClusterRole } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { createdAtColumn, nameColumn } from './metadata-columns.ts';
import { validatePolicyRules } from './policy-rule-validation.ts';
import { rbacGroup } from './rbac-group.ts';
import { defineResource } from './resource-definition.ts';
import { eachOf } from './value-rules.ts';

const field = 'aggregationRule.clusterRoleSelectors';

function validateAggregation({ aggregationRule }: ClusterRole): FieldError[] {
  if (aggregationRule === undefined) return [];
  const { clusterRoleSelectors = [] } = aggregationRule;
  return [
    ...(clusterRoleSelectors.length === 0
      ? [required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil')]
      : []),
    ...eachOf(field, clusterRoleSelectors, validateLabelSelector),
  ];
}

/** kubernetes pkg/registry/rbac/clusterrole/strategy.go */
export const clusterRoles = defineResource<ClusterRole>({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  scope: 'Cluster',
  nameRule: pathSegment,
  validate: (role) => [...validatePolicyRules(role.rules, false), ...validateAggregation(role)],
  columns: [nameColumn, createdAtColumn],
});
