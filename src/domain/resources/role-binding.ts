import { pathSegment } from '../meta/names.ts';
import type { RoleBinding } from '../meta/types.ts';
import { rbacGroup } from './rbac-group.ts';
import { defineResource } from './resource-definition.ts';
import { bindingColumns, defaultBinding, keepsRoleRef, validateBinding } from './role-binding-form.ts';

/** kubernetes pkg/registry/rbac/rolebinding/strategy.go */
export const roleBindings = defineResource<RoleBinding>({
  group: rbacGroup,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  scope: 'Namespaced',
  nameRule: pathSegment,
  default: defaultBinding,
  validate: validateBinding(['Role', 'ClusterRole'], true),
  validateUpdate: keepsRoleRef,
  columns: bindingColumns,
});
