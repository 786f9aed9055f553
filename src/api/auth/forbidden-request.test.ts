import { expect, test } from 'vitest';
import type { RequestAttributes } from '../../domain/authorization/request-attributes.ts';
import { forbiddenRequest } from './forbidden-request.ts';

const pod = { name: 'system:serviceaccount:default:default', groups: ['system:authenticated'] };

test.each<[RequestAttributes, string, string]>([
  [
    { kind: 'resource', verb: 'list', group: '', resource: 'pods', namespace: 'default' },
    '',
    'pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "default"',
  ],
  [
    { kind: 'resource', verb: 'get', group: 'apps', resource: 'deployments', subresource: 'scale', name: 'web' },
    'RBAC: role "x" not found',
    'deployments.apps "web" is forbidden: User "system:serviceaccount:default:default" cannot get resource "deployments/scale" in API group "apps" at the cluster scope: RBAC: role "x" not found',
  ],
  [
    { kind: 'path', verb: 'get', path: '/metrics' },
    '',
    'forbidden: User "system:serviceaccount:default:default" cannot get path "/metrics"',
  ],
  [
    { kind: 'path', verb: 'get', path: '/metrics' },
    'RBAC: why',
    'forbidden: User "system:serviceaccount:default:default" cannot get path "/metrics": RBAC: why',
  ],
])("a refusal of %j has Kubernetes' words", (attributes, reason, message) => {
  expect(forbiddenRequest(pod, attributes, reason).status).toMatchObject({ code: 403, reason: 'Forbidden', message });
});
