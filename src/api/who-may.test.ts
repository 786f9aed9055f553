import { afterEach, beforeEach, expect, test } from 'vitest';
import { bootstrapPolicy } from '../domain/registry/bootstrap-policy.ts';
import { clusterRoleBindings } from '../domain/resources/cluster-role-binding.ts';
import { pods } from '../domain/resources/pod.ts';
import { rbacGroup } from '../domain/resources/rbac-group.ts';
import { secrets } from '../domain/resources/secret.ts';
import { serviceAccounts } from '../domain/resources/service-account.ts';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed();
  await bootstrapPolicy(bed.registry);
  await bed.registry.create(serviceAccounts, { metadata: bot });
});
afterEach(() => bed.close());

const bot = { namespace: 'default', name: 'bot' };
const botUser = 'system:serviceaccount:default:bot';
const rbac = `/apis/${rbacGroup}/v1`;
const podsPath = '/api/v1/namespaces/default/pods';
const accountPath = '/api/v1/namespaces/default/serviceaccounts/bot';

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  bed.send('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } });
const requestToken = async (spec: object = {}) => (await post(`${accountPath}/token`, { spec })).body;
const as = (token: string) => (method: string, path: string, body?: object) =>
  bed.send(method, path, { anonymous: true, body, headers: { authorization: `Bearer ${token}` } });
const bind = (clusterRole: string, ...subjects: object[]) =>
  post(`${rbac}/namespaces/default/rolebindings`, {
    metadata: { name: clusterRole },
    roleRef: { kind: 'ClusterRole', name: clusterRole },
    subjects,
  });
const outcome = ({ status, body }: { status: number; body: { message?: string } }) => [status, body.message];

test('a token may look around, and do nothing until a binding allows it, and then just that', async () => {
  const { status } = await requestToken();
  const send = as(status.token);
  expect((await send('GET', '/version')).status).toBe(200);
  expect((await send('GET', '/apis')).status).toBe(200);
  const forbidden = [
    403,
    `pods is forbidden: User "${botUser}" cannot list resource "pods" in API group "" in the namespace "default"`,
  ];
  expect(outcome(await send('GET', podsPath))).toEqual(forbidden);
  await post(`${rbac}/namespaces/default/roles`, {
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
  });
  await post(`${rbac}/namespaces/default/rolebindings`, {
    metadata: { name: 'readers' },
    roleRef: { kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'bot' }],
  });
  expect((await send('GET', podsPath)).status).toBe(200);
  expect((await send('GET', `${podsPath}/x`)).status).toBe(403);
  expect((await send('GET', '/api/v1/pods')).status).toBe(403);
  await bed.send('DELETE', `${rbac}/namespaces/default/roles/reader`);
  expect(outcome(await send('GET', podsPath))).toEqual([
    403,
    `${forbidden[1]}: RBAC: role.rbac.authorization.k8s.io "reader" not found`,
  ]);
});

test('what can be asked about oneself', async () => {
  const { status } = await requestToken();
  const send = as(status.token);
  const { metadata } = bed.registry.get(serviceAccounts, bot);
  const whoami = await send('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
  expect([whoami.status, whoami.body]).toEqual([
    201,
    {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: expect.any(String) },
      status: {
        userInfo: {
          username: botUser,
          uid: metadata?.uid,
          groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
          extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
        },
      },
    },
  ]);
  const canI = async (spec: object) =>
    (await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec })).body.status;
  expect(await canI({ nonResourceAttributes: { path: '/version', verb: 'get' } })).toEqual({
    allowed: true,
    reason: expect.stringMatching(/^RBAC: allowed by ClusterRoleBinding "system:/),
  });
  expect(await canI({ resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'default' } })).toEqual({
    allowed: false,
  });
  const rules = await send('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
    spec: { namespace: 'default' },
  });
  expect(rules.body.status).toMatchObject({
    incomplete: false,
    resourceRules: expect.arrayContaining([
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ]),
    nonResourceRules: expect.arrayContaining([
      { verbs: ['get'], nonResourceURLs: expect.arrayContaining(['/openid/v1/jwks']) },
    ]),
  });
});

test('what can be asked about others', async () => {
  await bind('cluster-admin', { kind: 'Group', name: 'devs' });
  const resourceAttributes = { verb: 'get', resource: 'pods', namespace: 'default' };
  const ask = (path: string, spec: object) => post(`/apis/authorization.k8s.io/v1/${path}`, { spec });
  const dev = { groups: ['devs'], resourceAttributes };
  expect((await ask('subjectaccessreviews', dev)).body.status.allowed).toBe(true);
  expect((await ask('subjectaccessreviews', { ...dev, groups: ['ops'] })).body.status.allowed).toBe(false);
  const local = await ask('namespaces/default/localsubjectaccessreviews', dev);
  expect([local.status, local.body.status.allowed, local.body.metadata]).toEqual([201, true, { namespace: 'default' }]);
  expect(outcome(await ask('namespaces/other/localsubjectaccessreviews', dev))).toEqual([
    422,
    'LocalSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes.namespace: Invalid value: "default": must match metadata.namespace',
  ]);
  expect(outcome(await ask('subjectaccessreviews', { user: 'u' }))).toEqual([
    422,
    'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
  ]);
  expect(outcome(await ask('selfsubjectrulesreviews', {}))).toEqual([400, 'no namespace on request']);
  expect((await ask('localsubjectaccessreviews', dev)).status).toBe(405);
  expect((await bed.send('GET', '/apis/authorization.k8s.io/v1/subjectaccessreviews')).status).toBe(405);
});

test('a review is no table, and is discovered with its one verb', async () => {
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  expect(outcome(await post(path, body, { accept: table }))).toEqual([
    406,
    'only the following media types are accepted: application/json, application/yaml',
  ]);
  expect((await post(path, body, { accept: `${table},application/json` })).body.kind).toBe('SelfSubjectAccessReview');
  const { body: list } = await bed.send('GET', '/apis/authorization.k8s.io/v1');
  const verbs = list.resources.map(({ verbs: own }: { verbs: string[] }) => own);
  expect(verbs).toEqual([['create'], ['create'], ['create'], ['create']]);
});

test('a token is reviewed for those who are shown it', async () => {
  const review = async (spec: object) => outcomeOf(await post('/apis/authentication.k8s.io/v1/tokenreviews', { spec }));
  const outcomeOf = ({ status, body }: { status: number; body: { status?: unknown; message?: string } }) => [
    status,
    body.status ?? body.message,
  ];
  const { status } = await requestToken({ audiences: ['vault', 'mqtt'] });
  const { token } = status;
  expect(await review({ token, audiences: ['mqtt', 'x'] })).toMatchObject([
    201,
    { authenticated: true, user: { username: botUser }, audiences: ['mqtt'] },
  ]);
  const bad = [201, { user: {}, error: 'invalid bearer token' }];
  expect(await review({ token }), 'not meant for the API').toEqual(bad);
  expect(await review({ token: 'x' })).toEqual(bad);
  expect(outcome(await post('/apis/authentication.k8s.io/v1/tokenreviews', {}))).toEqual([
    400,
    'token is required for TokenReview in authentication',
  ]);
  await bed.send('DELETE', accountPath);
  expect(await review({ token, audiences: ['vault'] })).toEqual(bad);
});

test('a token on request says how long and for whom, and dies with what it is bound to', async () => {
  const issued = await requestToken({ expirationSeconds: 700 });
  expect(issued).toMatchObject({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: bot,
    spec: { audiences: ['https://kubernetes.default.svc.cluster.local'], expirationSeconds: 700 },
  });
  const lasts = Date.parse(issued.status.expirationTimestamp) - Date.parse(issued.metadata.creationTimestamp);
  expect(Math.abs(lasts - 700_000)).toBeLessThanOrEqual(1000);

  await bed.registry.create(secrets, { metadata: { namespace: 'default', name: 'handle' } });
  const bound = await requestToken({ boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 'handle' } });
  const send = as(bound.status.token);
  expect((await send('GET', '/version')).status).toBe(200);
  await bed.send('DELETE', '/api/v1/namespaces/default/secrets/handle');
  expect((await send('GET', '/version')).status).toBe(401);
});

test('tokens that are not issued', async () => {
  const container = { name: 'c', image: 'busybox:1' };
  await bed.registry.create(pods, {
    metadata: { namespace: 'default', name: 'web' },
    spec: { serviceAccountName: 'other', containers: [container] },
  });
  const refused = async (spec: object, metadata = {}) =>
    outcome(await post(`${accountPath}/token`, { metadata, spec }));
  const toPod = (name: string, uid?: string) => ({ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid } });
  expect(await refused({ expirationSeconds: 599 })).toEqual([
    422,
    'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
  ]);
  expect(await refused(toPod('none'))).toEqual([404, 'pods "none" not found']);
  expect(await refused(toPod('web'))).toEqual([
    400,
    'cannot bind token for serviceaccount "bot" to pod running with different serviceaccount name.',
  ]);
  expect(await refused({ boundObjectRef: { kind: 'ConfigMap', apiVersion: 'v1', name: 'x' } })).toEqual([
    400,
    'cannot bind token to object of type v1, Kind=ConfigMap',
  ]);
  await bed.registry.create(secrets, { metadata: { namespace: 'default', name: 'handle' } });
  expect((await refused({ boundObjectRef: { kind: 'Secret', name: 'handle', uid: 'other' } }))[0]).toBe(409);
  expect(await refused({}, { name: 'other' })).toEqual([
    422,
    'TokenRequest.authentication.k8s.io "bot" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
  ]);
  expect((await post('/api/v1/namespaces/default/serviceaccounts/none/token', {})).status).toBe(404);
});

test('a token in a secret is good while the secret holds it', async () => {
  const key = { namespace: 'default', name: 'bot-token' };
  const uid = bed.registry.get(serviceAccounts, bot).metadata?.uid ?? '';
  const token = bed.tokens.issueForSecret(key, { name: 'bot', uid });
  const send = as(token);
  expect((await send('GET', '/version')).status).toBe(401);
  await bed.registry.create(secrets, {
    metadata: { ...key, annotations: { 'kubernetes.io/service-account.name': 'bot' } },
    type: 'kubernetes.io/service-account-token',
    data: { token: Buffer.from(token).toString('base64') },
  });
  expect((await send('GET', '/version')).status).toBe(200);
  await bed.registry.delete(secrets, key);
  expect((await send('GET', '/version')).status).toBe(401);
});

test('administrators are anybody they like, others whom they may be', async () => {
  const { status } = await requestToken();
  const whoami = async (headers: Record<string, string | string[]>, token?: string) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const all = { ...headers, ...authorization } as Record<string, string>;
    const { body } = await bed.send('POST', path, { body: {}, headers: all, anonymous: token !== undefined });
    return body.status?.userInfo ?? body.message;
  };
  const jane = {
    'impersonate-user': 'jane',
    'impersonate-group': ['devs', 'a,b'],
    'impersonate-extra-Acme%2fScope': 'x',
  };
  expect(await whoami({ ...jane, 'impersonate-uid': '7' })).toEqual({
    username: 'jane',
    uid: '7',
    groups: ['devs', 'a,b', 'system:authenticated'],
    extra: { 'acme/scope': ['x'] },
  });
  expect(await whoami(jane, status.token)).toBe(
    `users "jane" is forbidden: User "${botUser}" cannot impersonate resource "users" in API group "" at the cluster scope`,
  );
  await post(`${rbac}/clusterroles`, {
    metadata: { name: 'jane' },
    rules: [{ apiGroups: [''], resources: ['users'], verbs: ['impersonate'], resourceNames: ['jane'] }],
  });
  await bed.registry.create(clusterRoleBindings, {
    metadata: { name: 'jane' },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: 'jane' },
    subjects: [{ kind: 'ServiceAccount', ...bot }],
  });
  expect(await whoami({ 'impersonate-user': 'jane' }, status.token)).toMatchObject({ username: 'jane' });
  expect(await whoami(jane, status.token)).toMatch(/^groups "devs" is forbidden/);
  expect(await whoami({ 'impersonate-user': 'paul' }, status.token)).toMatch(/^users "paul" is forbidden/);
});

test('others can find the keys by which tokens are checked', async () => {
  const { status } = await requestToken();
  const send = as(status.token);
  const { body } = await send('GET', '/.well-known/openid-configuration');
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  expect(body).toMatchObject({ issuer, jwks_uri: `${issuer}/openid/v1/jwks` });
  const keys = await send('GET', new URL(body.jwks_uri).pathname);
  expect([keys.status, keys.headers['content-type']]).toEqual([200, 'application/jwk-set+json']);
  expect(JSON.parse(keys.text)).toEqual(bed.tokens.keySet);
  expect((await bed.send('GET', '/openid/v1/jwks', { anonymous: true })).status).toBe(401);
});

test('nobody gives away what he does not have', async () => {
  await bind('admin', { kind: 'User', name: 'adam' });
  await bind('system:aggregate-to-admin', { kind: 'User', name: 'adam' });
  const adam = { 'impersonate-user': 'adam' };
  const role = (resource: string) => ({
    metadata: { name: resource },
    rules: [{ apiGroups: [rbacGroup], resources: [resource], verbs: ['get'] }],
  });
  const path = `${rbac}/namespaces/default/roles`;
  expect((await post(path, role('roles'), adam)).status).toBe(201);
  expect(outcome(await post(path, role('secrets'), adam))).toEqual([
    403,
    'roles.rbac.authorization.k8s.io "secrets" is forbidden: user "adam" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["rbac.authorization.k8s.io"], Resources:["secrets"], Verbs:["get"]}',
  ]);
  expect((await post(`${path}?dryRun=All`, role('secrets'), adam)).status).toBe(403);
});
