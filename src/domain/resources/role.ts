import { pathSegment } from '../meta/names.ts';
import type { Role } from '../meta/types.ts';
import { createdAtColumn, nameColumn } from './metadata-columns.ts';
import { validatePolicyRules } from './policy-rule-validation.ts';
import { rbacGroup } from './rbac-group.ts';
import { defineResource } from './resource-definition.ts';

/** kubernetes pkg/registry/rbac/role/strategy.go */
export const roles = defineResource<Role>({
  group: rbacGroup,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  scope: 'Namespaced',
  nameRule: pathSegment,
  validate: ({ rules }) => validatePolicyRules(rules, true),
  columns: [nameColumn, createdAtColumn],
});
