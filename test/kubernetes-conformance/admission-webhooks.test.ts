import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startWebhookServer,
  type ReviewRequest,
  type WebhookServer,
} from '../../src/cli/serve/webhook-server-fixture.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { customResourceDefinition, defineCustomResource, versionOf } from './custom-resource.ts';
import { eventually } from './eventually.ts';

type Operation = { op: string; path: string; value: unknown };

const patching = (...operations: Operation[]) => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

const denial = (message: string) => ({ allowed: false, status: { code: 403, message } });

/** Adds its stage to the data that the stage before has left. */
const stage =
  (before: string, now: string) =>
  ({ object }: ReviewRequest) =>
    object.data?.[before] === 'yes' ? patching({ op: 'add', path: `/data/${now}`, value: 'yes' }) : { allowed: true };

const unwanted = (data: Readonly<Record<string, string>> | undefined): boolean => data?.['test'] === 'disallow';

const answers = {
  '/pods': ({ object }: ReviewRequest) =>
    JSON.stringify(object).includes('disallowed-name')
      ? denial('the pod contains unwanted container name')
      : { allowed: true },
  '/data': ({ object, oldObject }: ReviewRequest) =>
    unwanted(object?.data) || (object === null && unwanted((oldObject as ReviewRequest['object']).data))
      ? denial('the object contains unwanted key and value')
      : { allowed: true },
  '/deny': () => denial('not here'),
  '/stage-1': stage('start', 'stage-1'),
  '/stage-2': stage('stage-1', 'stage-2'),
  '/add-init-container': () =>
    patching({ op: 'add', path: '/spec/initContainers', value: [{ name: 'added', image: 'busybox:1.35' }] }),
  '/add-label': () => patching({ op: 'add', path: '/metadata/labels', value: { added: 'yes' } }),
  '/never': () => 'never' as const,
};

type Hook = { path: keyof typeof answers; rules: object[]; more?: object };

let plane: ControlPlane;
let server: WebhookServer;
beforeAll(async () => {
  [plane, server] = await Promise.all([openControlPlane(), startWebhookServer(answers)]);
});
afterAll(() => Promise.all([plane.close(), server.close()]));

const group = '/apis/admissionregistration.k8s.io/v1';
const collectionOf = (form: Form) => `${group}/${form}webhookconfigurations`;
const marked = 'labelSelector=of%3Dtest';

type Form = 'mutating' | 'validating';

const rule = (resource: string, operations = ['CREATE'], apiGroup = '', apiVersions = ['*']) => ({
  operations,
  apiGroups: [apiGroup],
  apiVersions,
  resources: [resource],
});

let namespace: string;
let configMaps: string;
beforeEach(async () => {
  namespace = await plane.namespace();
  configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
});
afterEach(async () => {
  for (const form of ['mutating', 'validating'] as const) await plane.client.remove(`${collectionOf(form)}?${marked}`);
});

/** Configures webhooks for the test's namespace and everything outside of namespaces. */
const configure = (form: Form, name: string, ...hooks: Hook[]) =>
  plane.client.create(collectionOf(form), {
    metadata: { name, labels: { of: 'test' } },
    webhooks: hooks.map(({ path, rules, more }, index) => ({
      name: `hook-${index}.example.com`,
      clientConfig: { url: `https://127.0.0.1:${server.port}${path}`, caBundle: server.caBundle },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      rules,
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      ...more,
    })),
  });

const statusOf = async (method: string, path: string, body: object, type = 'application/json') =>
  (await plane.client.attempt(method, path, body, { 'content-type': type })).status;
const compliant = { metadata: { name: 'x' }, data: { test: 'allow' } };
const disallowed = { metadata: { name: 'x' }, data: { test: 'disallow' } };
const merge = 'application/merge-patch+json';

describe('a validating webhook', () => {
  it('refuses pods, and ConfigMaps however they are written, but not in a namespace that is let off', async () => {
    const { client } = plane;
    const selector = {
      namespaceSelector: { matchExpressions: [{ key: 'let-off', operator: 'NotIn', values: ['yes'] }] },
    };
    await configure(
      'validating',
      'refusing',
      { path: '/pods', rules: [rule('pods')] },
      { path: '/data', rules: [rule('configmaps', ['CREATE', 'UPDATE'])], more: selector },
    );
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'disallowed-name', image: 'i' }] } };
    const refused = await client.attempt('POST', `/api/v1/namespaces/${namespace}/pods`, pod);
    expect(refused.body.message).toContain('the pod contains unwanted container name');
    expect(await statusOf('POST', configMaps, disallowed)).toBe(403);
    const made = await client.create(configMaps, compliant);
    expect(await statusOf('PUT', `${configMaps}/x`, { ...made, data: disallowed.data })).toBe(403);
    expect(await statusOf('PATCH', `${configMaps}/x`, { data: disallowed.data }, merge)).toBe(403);
    expect((await client.get(`${configMaps}/x`)).data).toEqual(compliant.data);
    await client.patch(`/api/v1/namespaces/${namespace}`, { metadata: { labels: { 'let-off': 'yes' } } });
    expect(await statusOf('PATCH', `${configMaps}/x`, { data: disallowed.data }, merge)).toBe(200);
  });

  it('that hangs fails the request in its time', async () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await configure('validating', 'hanging', { path: '/never', rules: [rule('pods')], more: { timeoutSeconds: 1 } });
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const { status, body } = await plane.client.attempt('POST', pods, pod);
    expect([status, body.message]).toEqual([500, expect.stringContaining('context deadline exceeded')]);
  });

  it('refuses custom resources made, changed and deleted', async () => {
    const { client } = plane;
    const resource = await defineCustomResource(client, { scope: 'Namespaced' });
    const path = resource.collection(namespace);
    const rules = [rule(resource.plural, ['CREATE', 'UPDATE', 'DELETE'], resource.group)];
    await configure('validating', 'refusing-crs', { path: '/data', rules });
    const { apiVersion, kind } = resource;
    expect(await statusOf('POST', path, { apiVersion, kind, ...disallowed })).toBe(403);
    await client.create(path, { apiVersion, kind, ...compliant });
    expect(await statusOf('PATCH', `${path}/x`, { data: disallowed.data }, merge)).toBe(403);
    await client.remove(`${collectionOf('validating')}/refusing-crs`);
    await client.patch(`${path}/x`, { data: disallowed.data });
    await configure('validating', 'refusing-crs', { path: '/data', rules });
    expect(await statusOf('DELETE', `${path}/x`, {})).toBe(403);
    await client.patch(`${path}/x`, { data: compliant.data });
    await client.remove(`${path}/x`);
  });

  it('refuses definitions', async () => {
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const objectSelector = { objectSelector: { matchLabels: { refuse: 'me' } } };
    const rules = [rule('customresourcedefinitions', ['CREATE'], 'apiextensions.k8s.io')];
    await configure('validating', 'refusing-crds', { path: '/deny', rules, more: objectSelector });
    const { status, body } = await plane.client.attempt(
      'POST',
      definitions,
      customResourceDefinition({ labels: { refuse: 'me' } }),
    );
    expect([status, body.message]).toEqual([
      403,
      'admission webhook "hook-0.example.com" denied the request: not here',
    ]);
  });

  it('that cannot be reached refuses everything when it fails closed', async () => {
    const clientConfig = { url: 'https://127.0.0.1:1/', caBundle: server.caBundle };
    await configure('validating', 'closed', {
      path: '/deny',
      rules: [rule('configmaps')],
      more: { clientConfig, failurePolicy: 'Fail' },
    });
    const { status, body } = await plane.client.attempt('POST', configMaps, compliant);
    expect([status, body.reason]).toEqual([500, 'InternalError']);
  });
});

describe('a mutating webhook', () => {
  it('builds on what the one before it has changed', async () => {
    await configure(
      'mutating',
      'stages',
      { path: '/stage-1', rules: [rule('configmaps')] },
      { path: '/stage-2', rules: [rule('configmaps')] },
    );
    const { data } = await plane.client.create(configMaps, { metadata: { name: 'x' }, data: { start: 'yes' } });
    expect(data).toEqual({ start: 'yes', 'stage-1': 'yes', 'stage-2': 'yes' });
  });

  it('has defaults filled in after it', async () => {
    await configure('mutating', 'pods', { path: '/add-init-container', rules: [rule('pods')] });
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const { spec } = await plane.client.create(`/api/v1/namespaces/${namespace}/pods`, pod);
    expect(spec.initContainers).toMatchObject([{ name: 'added', terminationMessagePolicy: 'File' }]);
  });

  const stagesOn = (plural: string, apiGroup: string): Hook[] =>
    (['/stage-1', '/stage-2'] as const).map((path) => ({
      path,
      rules: [rule(plural, ['CREATE', 'UPDATE'], apiGroup)],
    }));

  it('changes custom resources, and what their schema does not know is pruned', async () => {
    const strings = { type: 'object', properties: { start: { type: 'string' }, 'stage-1': { type: 'string' } } };
    for (const [data, expected] of [
      [
        { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        { start: 'yes', 'stage-1': 'yes', 'stage-2': 'yes' },
      ],
      [strings, { start: 'yes', 'stage-1': 'yes' }],
    ]) {
      const schema = { type: 'object', properties: { data } };
      const resource = await defineCustomResource(plane.client, { scope: 'Namespaced', schema });
      const { apiVersion, kind, plural, group: apiGroup } = resource;
      await configure('mutating', plural, ...stagesOn(plural, apiGroup));
      const path = resource.collection(namespace);
      const made = await plane.client.create(path, {
        apiVersion,
        kind,
        metadata: { name: 'x' },
        data: { start: 'yes' },
      });
      expect(made.data).toEqual(expected);
      expect((await plane.client.get(`${path}/x`)).data).toEqual(expected);
    }
  });

  it('changes custom resources also when they are stored in another version than before', async () => {
    const { client } = plane;
    const resource = await defineCustomResource(client, {
      scope: 'Namespaced',
      versions: [versionOf('v1'), versionOf('v2', undefined, { storage: false })],
    });
    const { apiVersion, kind, plural, group: apiGroup, definition } = resource;
    await configure('mutating', plural, ...stagesOn(plural, apiGroup));
    const path = resource.collection(namespace);
    const object = { apiVersion, kind, metadata: { name: 'x' }, data: { start: 'yes' } };
    const mutated = { start: 'yes', 'stage-1': 'yes', 'stage-2': 'yes' };
    expect((await client.create(path, object)).data).toEqual(mutated);
    await client.patch(
      definition,
      [
        { op: 'replace', path: '/spec/versions/0/storage', value: false },
        { op: 'replace', path: '/spec/versions/1/storage', value: true },
      ],
      'json',
    );
    await eventually(async () => expect((await client.get(definition)).status.storedVersions).toEqual(['v1', 'v2']));
    const patched = await client.patch(`${path}/x`, { data: { start: 'yes', 'stage-1': null, 'stage-2': null } });
    expect([patched.apiVersion, patched.data]).toEqual([apiVersion, mutated]);
  });
});

it('configurations of webhooks are no business of webhooks', async () => {
  const { client } = plane;
  const rules = [rule('*', ['*'], 'admissionregistration.k8s.io')];
  await configure('validating', 'greedy', { path: '/deny', rules });
  await configure('mutating', 'meddling', { path: '/add-label', rules });
  for (const form of ['mutating', 'validating'] as const) {
    const { metadata } = await configure(form, 'free', { path: '/deny', rules: [rule('nothing')] });
    expect(metadata.labels).toEqual({ of: 'test' });
    await client.patch(`${collectionOf(form)}/free`, { metadata: { annotations: { a: 'b' } } });
    await client.remove(`${collectionOf(form)}/free`);
  }
});

describe.each([
  ['validating', '/data', disallowed, 403, {}],
  ['mutating', '/stage-1', { metadata: { name: 'x' }, data: { start: 'yes' } }, 201, { 'stage-1': 'yes' }],
] as const)('%s webhooks', (form, path, object, status, effect) => {
  /** Whether the webhook had its say on a new ConfigMap. */
  const isAsked = async (): Promise<boolean> => {
    const reply = await plane.client.attempt('POST', configMaps, object);
    if (reply.status === 201) await plane.client.remove(`${configMaps}/x`);
    const changes = Object.entries(effect).every(([key, value]) => reply.body.data?.[key] === value);
    return reply.status === status && changes;
  };

  it('are listed by label and deleted together', async () => {
    const { client } = plane;
    for (let index = 0; index < 3; index++)
      await configure(form, `${form}-${index}`, { path, rules: [rule('configmaps')] });
    expect((await client.get(`${collectionOf(form)}?${marked}`)).items.length).toBe(3);
    expect(await isAsked()).toBe(true);
    await client.remove(`${collectionOf(form)}?${marked}`);
    expect((await client.get(`${collectionOf(form)}?${marked}`)).items).toEqual([]);
    expect(await isAsked()).toBe(false);
  });

  it('are asked as their rules say now, after an update and after a patch', async () => {
    const { client } = plane;
    const made = await configure(form, form, { path, rules: [rule('configmaps', ['CREATE', 'UPDATE'])] });
    expect(await isAsked()).toBe(true);
    const [hook] = made.webhooks;
    await client.update(`${collectionOf(form)}/${form}`, {
      ...made,
      webhooks: [{ ...hook, rules: [rule('configmaps', ['UPDATE'])] }],
    });
    expect(await isAsked()).toBe(false);
    const change = [{ op: 'replace', path: '/webhooks/0/rules/0/operations', value: ['CREATE'] }];
    await client.patch(`${collectionOf(form)}/${form}`, change, 'json');
    expect(await isAsked()).toBe(true);
  });
});
