import { expect, test } from 'vitest';
import { defaultClusterRoleBindings, defaultClusterRoles } from '../authorization/default-policy.ts';
import type { ClusterRole, KubernetesObject, PolicyRule, Role, RoleBinding, Subject } from '../meta/types.ts';
import { clusterRoleBindings } from '../resources/cluster-role-binding.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import { rbacGroup } from '../resources/rbac-group.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { roleBindings } from '../resources/role-binding.ts';
import { roles } from '../resources/role.ts';
import { clientRequest } from './client-request.ts';
import { listerOf } from './lister-of.ts';
import { rbacEscalation } from './rbac-escalation.ts';

const rule = (verbs: string[], group: string, ...resources: string[]): PolicyRule => ({
  verbs,
  apiGroups: [group],
  resources,
});
const user = (name: string): Subject => ({ apiGroup: rbacGroup, kind: 'User', name });
const clusterRole = (name: string, ...rules: PolicyRule[]): ClusterRole => ({ metadata: { name }, rules });
const binding = (role: string, subject: string) => ({
  metadata: { name: `${role}-${subject}` },
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
  subjects: [user(subject)],
});
const inPlant = (kind: string, role: string, subject = 'anyone'): RoleBinding => ({
  metadata: { name: 'b', namespace: 'plant' },
  roleRef: { apiGroup: rbacGroup, kind, name: role },
  subjects: [user(subject)],
});

const secretReader: Role = { metadata: { name: 'secrets', namespace: 'plant' }, rules: [rule(['get'], '', 'secrets')] };

const lister = listerOf(
  {
    definition: clusterRoles,
    objects: [
      ...defaultClusterRoles,
      clusterRole('pods', rule(['get', 'list'], '', 'pods')),
      clusterRole('escalator', rule(['escalate'], rbacGroup, 'roles', 'clusterroles')),
      clusterRole('binder', { ...rule(['bind'], rbacGroup, 'clusterroles'), resourceNames: ['pods'] }),
    ],
  },
  {
    definition: roles,
    objects: [secretReader],
  },
  {
    definition: clusterRoleBindings,
    objects: [
      ...defaultClusterRoleBindings,
      binding('pods', 'jane'),
      binding('escalator', 'eve'),
      binding('binder', 'bob'),
      binding('cluster-admin', 'root'),
    ],
  },
  { definition: roleBindings, objects: [inPlant('ClusterRole', 'pods', 'paul')] },
);

function attempt<T extends KubernetesObject>(definition: ResourceDefinition<T>, who: string, object: T, oldObject?: T) {
  const request = { ...clientRequest(definition, object, oldObject), user: { name: who, groups: ['devs'] } };
  return () => rbacEscalation().validate?.(request, lister);
}
const roleWith = (...rules: PolicyRule[]) => ({ metadata: { name: 'r', namespace: 'plant' }, rules });
const readPods = rule(['get'], '', 'pods');
const aggregating: ClusterRole = {
  metadata: { name: 'agg' },
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
};

test('a role may hold what its author has', () => {
  expect(attempt(roles, 'jane', roleWith(readPods))).not.toThrow();
  expect(attempt(roles, 'paul', roleWith(readPods)), 'in the namespace').not.toThrow();
  expect(attempt(clusterRoles, 'jane', clusterRole('r', readPods))).not.toThrow();
  expect(attempt(roles, 'mallory', roleWith())).not.toThrow();
});

test('and no more, in the words of Kubernetes', () => {
  expect(attempt(roles, 'jane', roleWith(rule(['get', 'watch', 'delete'], '', 'pods', 'secrets')))).toThrow(
    'roles.rbac.authorization.k8s.io "r" is forbidden: user "jane" (groups=["devs"]) is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["pods"], Verbs:["watch" "delete"]}\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "watch" "delete"]}',
  );
  expect(attempt(clusterRoles, 'paul', clusterRole('r', readPods)), 'elsewhere').toThrow(/not currently held/);
  const many = Array.from({ length: 2000 }, (_, index) => `r${index}`);
  expect(attempt(roles, 'jane', roleWith(rule(many, '', ...many)))).toThrow(/too many combinations/);
});

test('unless he may escalate roles, or is an administrator', () => {
  const everything = roleWith(rule(['*'], '*', '*'));
  expect(attempt(roles, 'eve', everything)).not.toThrow();
  expect(attempt(clusterRoles, 'eve', aggregating)).not.toThrow();
  const request = { ...clientRequest(roles, everything), user: { name: 'admin', groups: ['system:masters'] } };
  expect(() => rbacEscalation().validate?.(request, lister)).not.toThrow();
});

test('an update is measured by what the role is then, not by what it adds', () => {
  const old = roleWith(rule(['get'], '', 'secrets'));
  const labelled = { ...old, metadata: { ...old.metadata, labels: { a: 'b' } } };
  expect(attempt(roles, 'jane', labelled, old)).toThrow(/not currently held/);
  expect(attempt(roles, 'jane', roleWith(readPods), old)).not.toThrow();
  const owned = { ...old, metadata: { ...old.metadata, finalizers: ['example.com/x'] } };
  expect(attempt(roles, 'jane', owned, old), 'what the garbage collector writes').not.toThrow();
});

test('only who has everything may gather rules', () => {
  const refusal = /must have cluster-admin privileges to use the aggregationRule/;
  expect(attempt(clusterRoles, 'jane', aggregating)).toThrow(refusal);
  expect(attempt(clusterRoles, 'jane', clusterRole('agg'), aggregating), 'or stop it').toThrow(refusal);
  expect(attempt(clusterRoles, 'root', aggregating)).not.toThrow();
});

test('a binding may give what its author has, or the roles he may bind', () => {
  expect(attempt(roleBindings, 'jane', inPlant('ClusterRole', 'pods'))).not.toThrow();
  expect(attempt(clusterRoleBindings, 'jane', binding('pods', 'x'))).not.toThrow();
  expect(attempt(roleBindings, 'paul', inPlant('ClusterRole', 'pods'))).not.toThrow();
  expect(attempt(clusterRoleBindings, 'paul', binding('pods', 'x'))).toThrow(
    'clusterrolebindings.rbac.authorization.k8s.io "pods-x" is forbidden: user "paul"',
  );
  expect(attempt(clusterRoleBindings, 'bob', binding('pods', 'x'))).not.toThrow();
  expect(attempt(clusterRoleBindings, 'bob', binding('cluster-admin', 'bob'))).toThrow(/not currently held/);
  expect(attempt(roleBindings, 'jane', inPlant('Role', 'secrets'))).toThrow(
    '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  );
  expect(attempt(roleBindings, 'jane', inPlant('Role', 'nothing'))).toThrow(
    'role.rbac.authorization.k8s.io "nothing" not found',
  );
});
