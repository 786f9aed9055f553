import { pathSegment } from '../meta/names.ts';
import type { ClusterRoleBinding } from '../meta/types.ts';
import { rbacGroup } from './rbac-group.ts';
import { defineResource } from './resource-definition.ts';
import { bindingColumns, defaultBinding, keepsRoleRef, validateBinding } from './role-binding-form.ts';

/** kubernetes pkg/registry/rbac/clusterrolebinding/strategy.go */
export const clusterRoleBindings = defineResource<ClusterRoleBinding>({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  scope: 'Cluster',
  nameRule: pathSegment,
  default: defaultBinding,
  validate: validateBinding(['ClusterRole'], false),
  validateUpdate: keepsRoleRef,
  columns: bindingColumns,
});
