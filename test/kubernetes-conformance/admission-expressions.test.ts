import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWebhookServer, type WebhookServer } from '../../src/cli/serve/webhook-server-fixture.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

const label = { op: 'add', path: '/data/mutated', value: 'yes' };
const answers = {
  '/add-key': () => ({
    allowed: true,
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify([label])).toString('base64'),
  }),
};

let plane: ControlPlane;
let server: WebhookServer;
beforeAll(async () => {
  [plane, server] = await Promise.all([openControlPlane(), startWebhookServer(answers)]);
});
afterAll(() => Promise.all([plane.close(), server.close()]));

const group = '/apis/admissionregistration.k8s.io/v1';
const writes = (apiGroup: string, resource: string, operations = ['CREATE']) => ({
  apiGroups: [apiGroup],
  apiVersions: ['v1'],
  operations,
  resources: [resource],
});
const selecting = (namespace: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});

const deployment = (name: string, replicas: number) => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'busybox:1.35' }] } },
  },
});

describe('ValidatingAdmissionPolicy', () => {
  const atMostOne = (expression: string, variables: object[] = []) => ({
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [writes('apps', 'deployments', ['CREATE', 'UPDATE'])] },
    variables,
    validations: [{ expression, message: 'one replica, no more' }],
  });

  async function bind(name: string, spec: object) {
    const namespace = await plane.namespace();
    await plane.client.create(`${group}/validatingadmissionpolicies`, { metadata: { name }, spec });
    await plane.client.create(`${group}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'], matchResources: selecting(namespace) },
    });
    return `/apis/apps/v1/namespaces/${namespace}/deployments`;
  }

  it('decides about a Deployment, when it is made and when it changes', async () => {
    const path = await bind('replicas', atMostOne('object.spec.replicas <= 1'));
    expect(await plane.client.attempt('POST', path, deployment('many', 2))).toMatchObject({
      status: 422,
      body: { reason: 'Invalid', message: expect.stringContaining('one replica, no more') as string },
    });
    await plane.client.create(path, deployment('few', 1));
    const scaled = await plane.client.attempt(
      'PATCH',
      `${path}/few`,
      { spec: { replicas: 2 } },
      {
        'content-type': 'application/merge-patch+json',
      },
    );
    expect(scaled.status).toBe(422);
  });

  it('has variables that its expressions refer to', async () => {
    const variables = [
      { name: 'replicas', expression: 'object.spec.replicas' },
      { name: 'isOne', expression: 'variables.replicas == 1' },
    ];
    const path = await bind('variables', atMostOne('variables.isOne', variables));
    expect((await plane.client.attempt('POST', path, deployment('two', 2))).status).toBe(422);
    await plane.client.create(path, deployment('one', 1));
  });

  it.each([
    [
      'validatingadmissionpolicies',
      { validations: [{ expression: 'true' }], matchConstraints: { resourceRules: [writes('example.com', 'things')] } },
    ],
    ['validatingadmissionpolicybindings', { policyName: 'none', validationActions: ['Deny'] }],
  ])('%s are found, made, read, listed, watched, patched, replaced and deleted', async (plural, spec) => {
    const { client } = plane;
    const path = `${group}/${plural}`;
    const found = (await client.get(group)).resources.map(({ name }: { name: string }) => name);
    expect(found).toContain(plural);
    const labels = { of: plural };
    const made = await client.create(path, { metadata: { name: 'life', labels }, spec });
    const watch = await client.watch(path, made.metadata.resourceVersion);
    expect((await client.get(`${path}?labelSelector=of%3D${plural}`)).items).toHaveLength(1);
    const patched = await client.patch(`${path}/life`, { metadata: { annotations: { patched: 'yes' } } });
    // Its status is written meanwhile.
    await watch.until(({ object }) => object.metadata.annotations?.patched === 'yes');
    await watch.stop();
    const replaced = await client.update(`${path}/life`, {
      ...patched,
      metadata: { ...patched.metadata, annotations: { put: 'yes' } },
    });
    expect(replaced.metadata.annotations).toEqual({ put: 'yes' });
    await client.remove(`${path}/life`);
    expect((await client.attempt('GET', `${path}/life`)).status).toBe(404);
    await client.create(path, { metadata: { name: 'crowd', labels }, spec });
    await client.remove(`${path}?labelSelector=of%3D${plural}`);
    await eventually(async () => expect((await client.get(`${path}?labelSelector=of%3D${plural}`)).items).toEqual([]));
  });
});

describe.each(['mutating', 'validating'])('conditions of %s webhooks', (form) => {
  const path = `${group}/${form}webhookconfigurations`;
  const configuration = (name: string, expression: string) => ({
    metadata: { name },
    webhooks: [
      {
        name: 'conditions.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/never' },
        rules: [writes('example.com', 'things')],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        matchConditions: [{ name: 'expression-1', expression }],
      },
    ],
  });

  it('are kept, and can be changed', async () => {
    const { client } = plane;
    const made = await client.create(path, configuration(`${form}-conditions`, "object.metadata.namespace == 'a'"));
    expect(made.webhooks[0].matchConditions).toHaveLength(1);
    made.webhooks[0].matchConditions.push({ name: 'expression-2', expression: 'request.userInfo.username != "b"' });
    const changed = await client.update(`${path}/${form}-conditions`, made);
    expect(changed.webhooks[0].matchConditions).toEqual(made.webhooks[0].matchConditions);
    await client.remove(`${path}/${form}-conditions`);
  });

  it('are refused when they mean nothing', async () => {
    const { status, body } = await plane.client.attempt(
      'POST',
      path,
      configuration(`${form}-bad`, 'object.metadata.namespace == '),
    );
    expect([status, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain('webhooks[0].matchConditions[0].expression');
  });
});

it('a webhook changes everything except what its condition leaves out', async () => {
  const { client } = plane;
  const namespace = await plane.namespace();
  await client.create(`${group}/mutatingwebhookconfigurations`, {
    metadata: { name: 'all-but-one' },
    webhooks: [
      {
        name: 'add.example.com',
        clientConfig: { url: `https://127.0.0.1:${server.port}/add-key`, caBundle: server.caBundle },
        rules: [writes('', 'configmaps')],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        matchConditions: [{ name: 'skip', expression: "object.metadata.name != 'skip-me'" }],
        ...selecting(namespace),
      },
    ],
  });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const make = async (name: string) => (await client.create(path, { metadata: { name }, data: { a: 'b' } })).data;
  expect(await make('skip-me')).toEqual({ a: 'b' });
  expect(await make('change-me')).toEqual({ a: 'b', mutated: 'yes' });
});
