import { expect, test } from 'vitest';
import { rbacAuthorizer } from '../authorization/rbac-authorizer.ts';
import { metaOf } from '../meta/object-key.ts';
import type { PolicyRule } from '../meta/types.ts';
import { clusterRoleBindings } from '../resources/cluster-role-binding.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import { bootstrapPolicy } from './bootstrap-policy.ts';
import { openTestRegistry } from './registry-fixture.ts';

const extra: PolicyRule = { verbs: ['get'], apiGroups: ['example.com'], resources: ['widgets'] };
const key = { namespace: '', name: 'system:basic-user' };
const cluster = (name: string) => ({ namespace: '', name });

async function bootstrapped() {
  const registry = await openTestRegistry();
  await bootstrapPolicy(registry);
  return registry;
}

test('the roles and bindings of every cluster are valid, and made once', async () => {
  const registry = await bootstrapped();
  expect(registry.all(clusterRoles).map((role) => metaOf(role).name)).toEqual(
    expect.arrayContaining(['admin', 'cluster-admin', 'edit', 'system:discovery', 'view']),
  );
  const before = registry.resourceVersion;
  await bootstrapPolicy(registry);
  expect(registry.resourceVersion).toBe(before);
});

test('whoever is known may look around, and nobody else', async () => {
  const { authorize } = rbacAuthorizer(await bootstrapped());
  const may = (groups: string[], verb: string, path: string) =>
    authorize({ name: 'u', groups }, { kind: 'path', verb, path }).allowed;
  const known = ['system:authenticated'];
  for (const path of ['/version', '/healthz', '/readyz', '/api', '/api/v1', '/apis/apps/v1', '/openapi/v3/api/v1']) {
    expect(may(known, 'get', path), path).toBe(true);
    expect(may(known, 'post', path), path).toBe(false);
    expect(may(['system:unauthenticated'], 'get', path), path).toBe(false);
  }
  for (const path of ['/', '/metrics', '/apisx', '/healthz/etcd', '/logs', '/openid/v1/jwks']) {
    expect(may(known, 'get', path), path).toBe(false);
  }
  expect(may(['system:serviceaccounts'], 'get', '/openid/v1/jwks')).toBe(true);
  expect(may(['system:monitoring'], 'get', '/metrics')).toBe(true);
});

test('what people added stays, what has gone comes back', async () => {
  const registry = await bootstrapped();
  const { rules = [] } = registry.get(clusterRoles, key);
  await registry.update(clusterRoles, key, (role) => ({
    ...role,
    metadata: { ...metaOf(role), labels: { mine: 'yes' } },
    rules: [extra],
  }));
  await bootstrapPolicy(registry);
  const role = registry.get(clusterRoles, key);
  expect(role.rules).toEqual([extra, ...rules]);
  expect(metaOf(role).labels).toEqual({ mine: 'yes', 'kubernetes.io/bootstrapping': 'rbac-defaults' });
});

test('what people look after themselves is left alone', async () => {
  const registry = await bootstrapped();
  await registry.update(clusterRoles, key, (role) => ({
    ...role,
    metadata: { ...metaOf(role), annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } },
    rules: [],
  }));
  await bootstrapPolicy(registry);
  expect(registry.get(clusterRoles, key).rules).toEqual([]);
});

test('subjects that are missing come back, and so does the role of a binding', async () => {
  const registry = await bootstrapped();
  const jane = { apiGroup: clusterRoles.group, kind: 'User', name: 'jane' };
  await registry.update(clusterRoleBindings, cluster('cluster-admin'), (binding) => ({ ...binding, subjects: [jane] }));
  const discovery = registry.get(clusterRoleBindings, cluster('system:discovery'));
  await registry.delete(clusterRoleBindings, cluster('system:discovery'));
  await registry.create(clusterRoleBindings, {
    metadata: { name: 'system:discovery' },
    roleRef: { ...discovery.roleRef, name: 'view' },
    subjects: [jane],
  });
  await bootstrapPolicy(registry);
  expect(registry.get(clusterRoleBindings, cluster('cluster-admin')).subjects).toEqual([
    jane,
    { apiGroup: clusterRoles.group, kind: 'Group', name: 'system:masters' },
  ]);
  expect(registry.get(clusterRoleBindings, cluster('system:discovery'))).toMatchObject({
    roleRef: discovery.roleRef,
    subjects: discovery.subjects,
  });
});
