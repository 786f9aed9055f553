import { expect, test } from 'vitest';
import { authorize, forbiddenRequest, type RequestAttributes } from './authorize.ts';

const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const pod = { name: 'system:serviceaccount:default:default', groups: ['system:authenticated'] };
const listPods: RequestAttributes = {
  kind: 'resource',
  verb: 'list',
  group: '',
  resource: 'pods',
  namespace: 'default',
};

test('administrators may do everything', () => {
  expect(authorize(admin, listPods)).toEqual({ allowed: true });
  expect(authorize(admin, { kind: 'path', verb: 'post', path: '/x' })).toEqual({ allowed: true });
});

test('everyone who is known may look around, and no more', () => {
  for (const path of ['/version', '/healthz', '/readyz', '/api', '/api/v1', '/apis/apps/v1', '/openapi/v3/api/v1']) {
    expect(authorize(pod, { kind: 'path', verb: 'get', path }).allowed, path).toBe(true);
    expect(authorize(pod, { kind: 'path', verb: 'post', path }).allowed, path).toBe(false);
  }
  for (const path of ['/', '/metrics', '/apisx', '/healthz/etcd', '/logs']) {
    expect(authorize(pod, { kind: 'path', verb: 'get', path }).allowed, path).toBe(false);
  }
  expect(authorize(pod, listPods).allowed).toBe(false);
  expect(authorize({ name: 'nobody', groups: [] }, { kind: 'path', verb: 'get', path: '/version' }).allowed).toBe(
    false,
  );
  const review = {
    kind: 'resource',
    verb: 'create',
    group: 'authentication.k8s.io',
    resource: 'selfsubjectreviews',
  } as const;
  expect(authorize(pod, review).allowed).toBe(true);
});

test("a refusal has Kubernetes' words", () => {
  const text = (attributes: RequestAttributes) => forbiddenRequest(pod, attributes, '').status;
  expect(text(listPods)).toMatchObject({
    code: 403,
    reason: 'Forbidden',
    message:
      'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
  });
  expect(
    text({ kind: 'resource', verb: 'get', group: 'apps', resource: 'deployments', subresource: 'scale', name: 'web' })
      .message,
  ).toBe(
    'deployments.apps "web" is forbidden: User "system:serviceaccount:default:default" cannot get resource "deployments/scale" in API group "apps" at the cluster scope',
  );
  expect(text({ kind: 'path', verb: 'get', path: '/metrics' }).message).toBe(
    'forbidden: User "system:serviceaccount:default:default" cannot get path "/metrics"',
  );
});
