import { expect, test } from 'vitest';
import { listerOf } from '../admission/lister-of.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../meta/types.ts';
import { clusterRoleBindings } from '../resources/cluster-role-binding.ts';
import { clusterRoles } from '../resources/cluster-role.ts';
import { roleBindings } from '../resources/role-binding.ts';
import { roles } from '../resources/role.ts';
import { rbacAuthorizer } from './rbac-authorizer.ts';
import type { ResourceAttributes } from './request-attributes.ts';

const readPods: PolicyRule = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
const readPlaces: PolicyRule = { verbs: ['get'], nonResourceURLs: ['/places/*'] };

const roleRef = (kind: string, name: string): RoleRef => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const everywhere = (name: string, role: string, ...subjects: Subject[]): ClusterRoleBinding => ({
  metadata: { name },
  roleRef: roleRef('ClusterRole', role),
  subjects,
});
const inPlant = (name: string, ref: RoleRef, ...subjects: Subject[]): RoleBinding => ({
  metadata: { name, namespace: 'plant' },
  roleRef: ref,
  subjects,
});
const user = (name: string): Subject => ({ kind: 'User', name });
const account = (name: string, namespace?: string): Subject => ({
  kind: 'ServiceAccount',
  name,
  ...(namespace === undefined ? {} : { namespace }),
});

const reader: ClusterRole = { metadata: { name: 'reader' }, rules: [readPods, readPlaces] };
const local: Role = { metadata: { name: 'local', namespace: 'plant' }, rules: [readPods] };

const authorizer = rbacAuthorizer(
  listerOf(
    { definition: clusterRoles, objects: [reader] },
    { definition: roles, objects: [local] },
    {
      definition: clusterRoleBindings,
      objects: [
        everywhere('gone', 'no-such-role', user('lost'), user('jane')),
        everywhere('readers', 'reader', user('jane'), { kind: 'Group', name: 'devs' }, account('bot', 'office')),
        everywhere('unplaced', 'reader', account('nowhere')),
      ],
    },
    {
      definition: roleBindings,
      objects: [
        inPlant('by-role', roleRef('Role', 'local'), user('paul'), account('web')),
        inPlant('by-cluster-role', roleRef('ClusterRole', 'reader'), user('carl')),
        inPlant('gone', roleRef('Role', 'missing'), user('lost')),
      ],
    },
  ),
);

const list = (namespace?: string): ResourceAttributes => ({
  kind: 'resource',
  verb: 'list',
  group: '',
  resource: 'pods',
  ...(namespace === undefined ? {} : { namespace }),
});
const known = (name: string, ...groups: string[]) => ({ name, groups });

test.each([
  ['a user, by a binding of the cluster', known('jane'), undefined, true],
  ['the same in a namespace', known('jane'), 'plant', true],
  ['a group', known('x', 'devs'), undefined, true],
  ['a service account', known('system:serviceaccount:office:bot'), undefined, true],
  ['one of that name in another namespace', known('system:serviceaccount:plant:bot'), undefined, false],
  [
    'an account that a binding of the cluster does not place',
    known('system:serviceaccount::nowhere'),
    undefined,
    false,
  ],
  ['a user, by a role of the namespace', known('paul'), 'plant', true],
  ['the same in another namespace', known('paul'), 'office', false],
  ['the same across namespaces', known('paul'), undefined, false],
  ["an account of the binding's own namespace", known('system:serviceaccount:plant:web'), 'plant', true],
  ['a user, by a role of the cluster in one namespace', known('carl'), 'plant', true],
  ['the same across all', known('carl'), undefined, false],
  ['a user without any binding', known('mallory'), 'plant', false],
  ['a group with the name of a user', known('x', 'jane'), undefined, false],
  ['administrators', known('admin', 'system:masters'), undefined, true],
])('%s', (_who, who, namespace, allowed) => {
  expect(authorizer.authorize(who, list(namespace)).allowed).toBe(allowed);
});

test('it says by what it allows, and which roles are missing', () => {
  const reason = (name: string, namespace?: string) => authorizer.authorize(known(name), list(namespace)).reason;
  expect(reason('jane')).toBe('RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to User "jane"');
  expect(reason('system:serviceaccount:plant:web', 'plant')).toBe(
    'RBAC: allowed by RoleBinding "by-role/plant" of Role "local" to ServiceAccount "web/plant"',
  );
  expect(reason('mallory')).toBe('');
  expect(reason('lost')).toBe('RBAC: clusterrole.rbac.authorization.k8s.io "no-such-role" not found');
  expect(reason('lost', 'plant')).toBe(
    'RBAC: [clusterrole.rbac.authorization.k8s.io "no-such-role" not found, role.rbac.authorization.k8s.io "missing" not found]',
  );
});

test('paths are given by bindings of the cluster only', () => {
  const attributes = { kind: 'path', verb: 'get', path: '/places/here' } as const;
  expect(authorizer.authorize(known('jane'), attributes).allowed).toBe(true);
  expect(authorizer.authorize(known('carl'), attributes).allowed).toBe(false);
});

test('all that somebody may do', () => {
  expect(authorizer.rulesFor(known('jane'), 'plant')).toEqual({
    rules: [readPods, readPlaces],
    missing: ['clusterrole.rbac.authorization.k8s.io "no-such-role" not found'],
  });
  expect(authorizer.rulesFor(known('paul'), 'plant').rules).toEqual([readPods]);
  expect(authorizer.rulesFor(known('paul'), 'office').rules).toEqual([]);
});
