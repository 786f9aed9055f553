import { describe, expect, it } from 'vitest';
import type { FieldError } from '../meta/field-error.ts';
import { pathSegment } from '../meta/names.ts';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding } from '../meta/types.ts';
import { clusterRoleBindings } from './cluster-role-binding.ts';
import { clusterRoles } from './cluster-role.ts';
import { roleBindings } from './role-binding.ts';
import { roles } from './role.ts';

const texts = (errors: readonly FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);
const rbac = 'rbac.authorization.k8s.io';

describe('rules', () => {
  const good: PolicyRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] };
  const path: PolicyRule = { verbs: ['get'], nonResourceURLs: ['/x'] };

  it('are of resources, and in the cluster of paths', () => {
    expect(roles.validate({ rules: [good] })).toEqual([]);
    expect(clusterRoles.validate({ rules: [good, path] })).toEqual([]);
  });

  it.each<[PolicyRule, string[]]>([
    [
      { verbs: [] },
      [
        'rules[0].verbs: Required value: verbs must contain at least one value',
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [path, ['rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs']],
  ])('%j is none of a namespace', (rule, errors) => expect(texts(roles.validate({ rules: [rule] }))).toEqual(errors));

  it('are never both', () =>
    expect(texts(clusterRoles.validate({ rules: [{ ...good, ...path }] }))).toEqual([
      'rules[0].nonResourceURLs: Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
    ]));
});

it('an aggregation has selectors', () => {
  const errors = (aggregationRule: NonNullable<ClusterRole['aggregationRule']>) =>
    texts(clusterRoles.validate({ aggregationRule }));
  const field = 'aggregationRule.clusterRoleSelectors';
  expect(errors({})).toEqual([
    `${field}: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil`,
  ]);
  expect(errors({ clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] })).toEqual([]);
  expect(errors({ clusterRoleSelectors: [{ matchLabels: { 'a b': 'c' } }] })).toHaveLength(1);
});

describe('bindings', () => {
  const user = { kind: 'User', name: 'jane' };
  const account = { kind: 'ServiceAccount', name: 'bot' };
  const binding = (...subjects: RoleBinding['subjects'] & object) => ({
    roleRef: { apiGroup: '', kind: 'ClusterRole', name: 'view' },
    subjects,
  });

  it('are of users and groups of their own API group', () => {
    const made = roleBindings.default(binding(user, { kind: 'Group', name: 'devs' }, account));
    expect(made).toEqual({
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
      subjects: [{ ...user, apiGroup: rbac }, { kind: 'Group', name: 'devs', apiGroup: rbac }, account],
    });
    expect(roleBindings.validate(made)).toEqual([]);
  });

  it.each<[object, string[]]>([
    [
      {},
      [
        'roleRef.apiGroup: Unsupported value: "": supported values: "rbac.authorization.k8s.io"',
        'roleRef.kind: Unsupported value: "": supported values: "ClusterRole"',
        'roleRef.name: Required value',
      ],
    ],
    [
      { roleRef: { apiGroup: rbac, kind: 'Role', name: 'a/b' } },
      [
        'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
        'roleRef.name: Invalid value: "a/b": may not contain \'/\'',
      ],
    ],
    [binding(account), ['subjects[0].namespace: Required value']],
    [
      binding({ ...account, namespace: 'n', name: 'A' }),
      [expect.stringMatching(/^subjects\[0\].name: Invalid value: "A"/) as string],
    ],
    [
      binding({ ...account, namespace: 'n', apiGroup: rbac }),
      ['subjects[0].apiGroup: Unsupported value: "rbac.authorization.k8s.io": supported values: ""'],
    ],
    [
      binding({ ...user, apiGroup: 'x' }),
      ['subjects[0].apiGroup: Unsupported value: "x": supported values: "rbac.authorization.k8s.io"'],
    ],
    [
      binding({ kind: 'User', name: '' }),
      ['subjects[0].name: Required value', 'subjects[0].name: Invalid value: "": user name cannot be empty'],
    ],
    [
      binding({ kind: 'Robot', name: 'r' }),
      ['subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"'],
    ],
  ])('%j is none of the cluster', (made, errors) =>
    expect(texts(clusterRoleBindings.validate(clusterRoleBindings.default(made as ClusterRoleBinding)))).toEqual(
      errors,
    ),
  );

  it('keep their role', () => {
    const next = { ...binding(user), roleRef: { apiGroup: '', kind: 'ClusterRole', name: 'admin' } };
    expect(texts(roleBindings.validateUpdate(next, binding(user)))).toEqual([
      'roleRef: Invalid value: {"apiGroup":"","kind":"ClusterRole","name":"admin"}: cannot change roleRef',
    ]);
    expect(roleBindings.validateUpdate(binding(), binding(user))).toEqual([]);
  });
});

it('names are path segments that a file can have', () => {
  for (const name of ['system:controller:a', 'A b', '.x.new', 'ü', 'x'.repeat(253)]) {
    expect(pathSegment(name), name).toEqual([]);
  }
  for (const name of ['.', '..', 'a/b', 'a%b', 'a\0', 'a\nb', '\ud800', 'ü'.repeat(127)]) {
    expect(pathSegment(name), JSON.stringify(name)).toHaveLength(1);
  }
});
