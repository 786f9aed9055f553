import { expect, it } from 'vitest';
import type { ClusterRole, ClusterRoleBinding, ConfigMap } from '../../meta/types.ts';
import { clusterRoleBindings } from '../../resources/cluster-role-binding.ts';
import { clusterRoles } from '../../resources/cluster-role.ts';
import { configMaps } from '../../resources/config-map.ts';
import { roleBindings } from '../../resources/role-binding.ts';
import { roles } from '../../resources/role.ts';
import { clientRequest } from '../client-request.ts';
import { listerOf } from '../lister-of.ts';
import { meetsConditions } from './match-conditions.ts';

const old: ConfigMap = { metadata: { name: 'x', namespace: 'plant' }, data: { a: '1' } };
const next: ConfigMap = { ...old, data: { a: '2' } };
const request = clientRequest<ConfigMap>(configMaps, next, old);

const role: ClusterRole = {
  metadata: { name: 'breaker' },
  rules: [{ verbs: ['break'], apiGroups: [''], resources: ['configmaps'] }],
};
const binding: ClusterRoleBinding = {
  metadata: { name: 'b' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'breaker' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'plant', name: 'robot' }],
};
const lister = listerOf(
  { definition: clusterRoles as never, objects: [role] },
  { definition: clusterRoleBindings as never, objects: [binding] },
  { definition: roles as never, objects: [] },
  { definition: roleBindings as never, objects: [] },
);

const meets = (...expressions: string[]) => {
  const matchConditions = expressions.map((expression, index) => ({ name: `c${index}`, expression }));
  return meetsConditions({ matchConditions, failurePolicy: 'Fail' }, request, configMaps as never, lister);
};

it.each([
  "object.data.a == '2' && oldObject.data.a == '1'",
  "request.operation == 'UPDATE' && request.resource.resource == 'configmaps' && request.kind.kind == 'ConfigMap'",
  "request.namespace == 'plant' && request.name == 'x' && request.subResource == ''",
  "request.userInfo.username == 'kubernetes-admin' && !('system:nodes' in request.userInfo.groups)",
  'request.dryRun == false && object.apiVersion == "v1"',
  "!authorizer.group('').resource('configmaps').namespace('plant').check('break').allowed()",
  "authorizer.serviceAccount('plant', 'robot').group('').resource('configmaps').check('break').allowed()",
  "!authorizer.requestResource.check('break').allowed() && !authorizer.path('/healthz').check('get').allowed()",
])('%s', (expression) => expect(meets(expression)).toBe(true));

it('one that is false decides, whatever becomes of the others', () => {
  expect(meets('object.none == 1', 'false')).toBe(false);
  expect(meets('true', 'false')).toBe(false);
});

it('one that cannot be evaluated counts as the failurePolicy says', () => {
  expect(() => meets('object.none == 1', 'true')).toThrow(
    `configmaps "x" is forbidden: expression 'object.none == 1' resulted in error: no such key: none`,
  );
  const matchConditions = [{ name: 'a', expression: 'object.none == 1' }];
  expect(meetsConditions({ matchConditions, failurePolicy: 'Ignore' }, request, configMaps as never, lister)).toBe(
    false,
  );
});
