import { expect, test } from 'vitest';
import type { RequestAttributes } from '../../domain/authorization/request-attributes.ts';
import { impersonated } from './impersonate.ts';

const admin = { name: 'admin', groups: ['devs'] };

/** Whom the headers make of the administrator, and what was asked on the way. */
function attempt(headers: Record<string, string[]>) {
  const asked: RequestAttributes[] = [];
  const incoming = { headers: headers as Record<string, string[]>, headersDistinct: headers };
  const user = impersonated(admin, incoming, (_user, attributes) => {
    asked.push(attributes);
    return { allowed: true, reason: '' };
  });
  return { user, asked };
}
const asks = (more: object) => ({ kind: 'resource', verb: 'impersonate', group: '', ...more });

test('nobody is impersonated without headers', () => {
  expect(attempt({ accept: ['*/*'] })).toEqual({ user: admin, asked: [] });
});

test.each<[string, Record<string, string[]>, object, object[]]>([
  [
    'a user',
    { 'impersonate-user': ['jane'] },
    { name: 'jane', groups: ['system:authenticated'] },
    [asks({ resource: 'users', name: 'jane' })],
  ],
  [
    'a user with groups',
    { 'impersonate-user': ['jane'], 'impersonate-group': ['a', 'system:authenticated'] },
    { name: 'jane', groups: ['a', 'system:authenticated'] },
    [
      asks({ resource: 'users', name: 'jane' }),
      asks({ resource: 'groups', name: 'a' }),
      asks({ resource: 'groups', name: 'system:authenticated' }),
    ],
  ],
  [
    'a service account',
    { 'impersonate-user': ['system:serviceaccount:plant:bot'] },
    {
      name: 'system:serviceaccount:plant:bot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:plant', 'system:authenticated'],
    },
    [asks({ resource: 'serviceaccounts', name: 'bot', namespace: 'plant' })],
  ],
  [
    'what only looks like one',
    { 'impersonate-user': ['system:serviceaccount:plant'] },
    { name: 'system:serviceaccount:plant', groups: ['system:authenticated'] },
    [asks({ resource: 'users', name: 'system:serviceaccount:plant' })],
  ],
  [
    'nobody known',
    { 'impersonate-user': ['system:anonymous'] },
    { name: 'system:anonymous', groups: ['system:unauthenticated'] },
    [asks({ resource: 'users', name: 'system:anonymous' })],
  ],
  [
    'uid and more',
    {
      'impersonate-user': ['u'],
      'impersonate-uid': ['7'],
      'impersonate-extra-a%2fb': ['x', 'y'],
      'impersonate-extra-%': ['z'],
    },
    { name: 'u', uid: '7', groups: ['system:authenticated'], extra: { 'a/b': ['x', 'y'], '%': ['z'] } },
    [
      asks({ resource: 'users', name: 'u' }),
      asks({ group: 'authentication.k8s.io', resource: 'uids', name: '7' }),
      asks({ group: 'authentication.k8s.io', resource: 'userextras', subresource: 'a/b', name: 'x' }),
      asks({ group: 'authentication.k8s.io', resource: 'userextras', subresource: 'a/b', name: 'y' }),
      asks({ group: 'authentication.k8s.io', resource: 'userextras', subresource: '%', name: 'z' }),
    ],
  ],
])('%s', (_who, headers, user, asked) => {
  expect(attempt(headers)).toEqual({ user, asked });
});

test('parts of nobody are a bad request', () => {
  for (const header of ['impersonate-group', 'impersonate-uid', 'impersonate-extra-a']) {
    expect(() => attempt({ [header]: ['x'] }), header).toThrow('without impersonating a user');
  }
});
