import { expect, test } from 'vitest';
import { rbacAuthorizer } from '../../authorization/rbac-authorizer.ts';
import { bootstrapPolicy } from '../../registry/bootstrap-policy.ts';
import { clusterRoleBindings } from '../../resources/cluster-role-binding.ts';
import { clusterRoles } from '../../resources/cluster-role.ts';
import { startClusterRoleAggregationController } from './clusterrole-aggregation-controller.ts';
import { quiet, testCluster } from '../test-cluster.ts';

test('view, edit and admin have all that the roles with their label have, and what those have gathered', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  await bootstrapPolicy(registry);
  for (const name of ['view', 'admin']) {
    await registry.create(clusterRoleBindings, {
      metadata: { name },
      roleRef: { apiGroup: clusterRoles.group, kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', name: `${name}er` }],
    });
  }
  void startClusterRoleAggregationController(cluster);
  await quiet(cluster);
  const may = (user: string, verb: string, resource: string, group = '') =>
    rbacAuthorizer(registry).authorize({ name: user, groups: [] }, { kind: 'resource', verb, group, resource }).allowed;
  expect(may('viewer', 'list', 'pods')).toBe(true);
  expect(may('viewer', 'get', 'secrets')).toBe(false);
  expect(may('adminer', 'list', 'pods')).toBe(true);
  expect(may('adminer', 'get', 'secrets')).toBe(true);
  expect(may('adminer', 'create', 'rolebindings', clusterRoles.group)).toBe(true);

  expect(may('adminer', 'get', 'widgets', 'example.com')).toBe(false);
  await registry.create(clusterRoles, {
    metadata: { name: 'widgets', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
    rules: [{ verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] }],
  });
  await quiet(cluster);
  expect(may('viewer', 'get', 'widgets', 'example.com')).toBe(true);
  expect(may('adminer', 'get', 'widgets', 'example.com')).toBe(true);

  await registry.delete(clusterRoles, { namespace: '', name: 'widgets' });
  await quiet(cluster);
  expect(may('adminer', 'get', 'widgets', 'example.com')).toBe(false);
});
