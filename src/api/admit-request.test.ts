import { expect, test } from 'vitest';
import type { RequestAttributes } from '../domain/authorization/request-attributes.ts';
import { admitRequest } from './admit-request.ts';
import type { Request } from './app.ts';

const raw = { headers: {}, socket: { getPeerX509Certificate: () => undefined } };

/** What is asked of authorization for this request, which it then refuses. */
function attributesOf(method: string, url: string): RequestAttributes | undefined {
  let asked: RequestAttributes | undefined;
  const door = {
    authenticate: () => ({ name: 'u', groups: [] }),
    authorizer: {
      authorize: (_user: unknown, attributes: RequestAttributes) => {
        asked = attributes;
        return { allowed: false, reason: '' };
      },
    },
  };
  const request = { method, url, headers: {}, raw };
  expect(() => admitRequest(door, request as unknown as Request)).toThrow(/cannot/);
  return asked;
}

test.each([
  ['GET', '/version', { kind: 'path', verb: 'get', path: '/version' }],
  ['GET', '/api/v1/pods?watch=true', { kind: 'resource', verb: 'watch', group: '', resource: 'pods' }],
  [
    'GET',
    '/apis/apps/v1/namespaces/n/deployments/d/scale',
    {
      kind: 'resource',
      verb: 'get',
      group: 'apps',
      resource: 'deployments',
      subresource: 'scale',
      namespace: 'n',
      name: 'd',
    },
  ],
  [
    'GET',
    '/api/v1/namespaces/n/secrets?fieldSelector=metadata.name%3Ds',
    { kind: 'resource', verb: 'list', group: '', resource: 'secrets', namespace: 'n', name: 's' },
  ],
])('%s %s', (method, url, expected) => {
  expect(attributesOf(method, url)).toEqual(expected);
});

test('a refusal is 403 in the words of Kubernetes', () => {
  const door = {
    authenticate: () => ({ name: 'u', groups: [] }),
    authorizer: { authorize: () => ({ allowed: false, reason: '' }) },
  };
  const request = {
    method: 'GET',
    url: '/api/v1/namespaces/n/pods',
    headers: {},
    raw,
  };
  expect(() => admitRequest(door, request as unknown as Request)).toThrow(
    'pods is forbidden: User "u" cannot list resource "pods" in API group "" in the namespace "n"',
  );
});
