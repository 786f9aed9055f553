import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

type Amounts = Readonly<Record<string, string>>;

const hard: Amounts = {
  pods: '5',
  services: '10',
  'services.nodeports': '1',
  'services.loadbalancers': '1',
  replicationcontrollers: '10',
  resourcequotas: '1',
  cpu: '1',
  memory: '500Mi',
  configmaps: '10',
  secrets: '10',
  persistentvolumeclaims: '10',
  'requests.storage': '10Gi',
  'ephemeral-storage': '50Gi',
  'requests.example.com/dongle': '3',
  'count/replicasets.apps': '5',
};

const pod = (name: string, requests: Amounts = {}, limits: Amounts = {}, spec: object = {}) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'busybox:1.35', resources: { requests, limits } }], ...spec },
});

async function setUp() {
  const { client } = plane;
  const namespace = await plane.namespace();
  const core = `/api/v1/namespaces/${namespace}`;
  const quotas = `${core}/resourcequotas`;
  const limit = (name: string, spec: object) => client.create(quotas, { metadata: { name }, spec });
  const isUsed = (used: Amounts, name = 'q') =>
    eventually(async () => expect((await client.get(`${quotas}/${name}`)).status.used).toMatchObject(used));
  const refused = async (path: string, object: object) =>
    expect(await client.attempt('POST', path, object)).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  return { client, namespace, core, quotas, limit, isUsed, refused };
}

it('a quota says at once what is used, itself included', async () => {
  const { client, quotas, limit, isUsed } = await setUp();
  await limit('q', { hard });
  await isUsed({ resourcequotas: '1', pods: '0', 'requests.example.com/dongle': '0' });
  expect((await client.get(`${quotas}/q`)).status.hard).toEqual(hard);
});

describe('the life of what is counted', () => {
  it.each<[string, string, (core: string, namespace: string) => string, object]>([
    ['a ConfigMap', 'configmaps', (core) => `${core}/configmaps`, {}],
    ['a Secret', 'secrets', (core) => `${core}/secrets`, { stringData: { a: 'b' } }],
    [
      'a ReplicaSet',
      'count/replicasets.apps',
      (_core, namespace) => `/apis/apps/v1/namespaces/${namespace}/replicasets`,
      {
        spec: {
          replicas: 0,
          selector: { matchLabels: { a: 'b' } },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        },
      },
    ],
    [
      'a ReplicationController',
      'replicationcontrollers',
      (core) => `${core}/replicationcontrollers`,
      {
        spec: {
          replicas: 0,
          selector: { a: 'b' },
          template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        },
      },
    ],
  ])('%s', async (_what, counted, pathOf, content) => {
    const { client, core, namespace, limit, isUsed, refused } = await setUp();
    const path = pathOf(core, namespace);
    const before = (await client.get(path)).items.length;
    await limit('q', { hard: { ...hard, [counted]: String(before + 1) } });
    await isUsed({ [counted]: String(before) });
    await client.create(path, { metadata: { name: 'one' }, ...content });
    await isUsed({ [counted]: String(before + 1) });
    await refused(path, { metadata: { name: 'two' }, ...content });
    await client.remove(`${path}/one`);
    await isUsed({ [counted]: String(before) });
  });

  it('a Service, by its ports on the node', async () => {
    const { client, core, limit, isUsed, refused } = await setUp();
    const service = (name: string, type: string) => ({
      metadata: { name },
      spec: { type, selector: { a: 'b' }, ports: [{ port: 80, targetPort: 80 }] },
    });
    await limit('q', { hard });
    await isUsed({ resourcequotas: '1' });
    await client.create(`${core}/services`, service('inner', 'ClusterIP'));
    await client.create(`${core}/services`, service('outer', 'NodePort'));
    await refused(`${core}/services`, service('balanced', 'LoadBalancer'));
    await isUsed({ services: '2', 'services.nodeports': '1', 'services.loadbalancers': '0' });
    await client.remove(`${core}/services/inner`);
    await client.remove(`${core}/services/outer`);
    await isUsed({ services: '0', 'services.nodeports': '0' });
  });

  it('a pod, by what it asks for', async () => {
    const { client, core, limit, isUsed, refused } = await setUp();
    await limit('q', { hard });
    const dongle = { 'example.com/dongle': '2' };
    const fits = { cpu: '500m', memory: '252Mi', 'ephemeral-storage': '30Gi', ...dongle };
    const made = await client.create(`${core}/pods`, pod('fits', fits, dongle));
    const used = {
      pods: '1',
      cpu: '500m',
      memory: '252Mi',
      'ephemeral-storage': '30Gi',
      'requests.example.com/dongle': '2',
    };
    await isUsed(used);
    await refused(`${core}/pods`, pod('too-much', { cpu: '600m', memory: '100Mi', 'ephemeral-storage': '0' }));
    await refused(`${core}/pods`, pod('too-many', { ...fits, memory: '100Mi', 'ephemeral-storage': '0' }, dongle));
    const [container] = made.spec.containers;
    const smaller = { ...container, resources: { requests: { cpu: '100m', memory: '100Mi' } } };
    const changed = { ...made, spec: { ...made.spec, containers: [smaller] } };
    expect((await client.attempt('PUT', `${core}/pods/fits`, changed)).status).toBeGreaterThanOrEqual(400);
    await isUsed(used);
    await client.remove(`${core}/pods/fits`, { gracePeriodSeconds: 0 });
    await isUsed({ pods: '0', cpu: '0', memory: '0', 'ephemeral-storage': '0', 'requests.example.com/dongle': '0' });
  });
});

describe('scopes', () => {
  const requests = { cpu: '500m', memory: '200Mi' };
  const limits = { cpu: '1', memory: '400Mi' };
  const amounts = {
    pods: '5',
    'requests.cpu': '1',
    'requests.memory': '500Mi',
    'limits.cpu': '2',
    'limits.memory': '1Gi',
  };
  const all = {
    pods: '1',
    'requests.cpu': '500m',
    'requests.memory': '200Mi',
    'limits.cpu': '1',
    'limits.memory': '400Mi',
  };
  const none = { pods: '0', 'requests.cpu': '0', 'requests.memory': '0', 'limits.cpu': '0', 'limits.memory': '0' };

  it.each([
    {
      scope: 'Terminating',
      opposite: 'NotTerminating',
      hard: amounts,
      inScope: pod('p', requests, limits, { activeDeadlineSeconds: 3600 }),
      outOfScope: pod('p', requests, limits),
      one: all as Amounts,
      nothing: none as Amounts,
    },
    {
      scope: 'BestEffort',
      opposite: 'NotBestEffort',
      hard: { pods: '5' },
      inScope: pod('p'),
      outOfScope: pod('p', requests, limits),
      one: { pods: '1' },
      nothing: { pods: '0' },
    },
  ])('$scope counts what is meant, $opposite the rest', async (scopes) => {
    const { client, core, limit, isUsed } = await setUp();
    const { one, nothing } = scopes;
    await limit('in', { hard: scopes.hard, scopes: [scopes.scope] });
    await limit('out', { hard: scopes.hard, scopes: [scopes.opposite] });
    for (const [object, counting, other] of [
      [scopes.inScope, 'in', 'out'],
      [scopes.outOfScope, 'out', 'in'],
    ] as const) {
      await client.create(`${core}/pods`, object);
      await isUsed(one, counting);
      await isUsed(nothing, other);
      await client.remove(`${core}/pods/p`, { gracePeriodSeconds: 0 });
      await isUsed(nothing, counting);
      await eventually(async () => expect((await client.attempt('GET', `${core}/pods/p`)).status).toBe(404));
    }
  });
});

it('a quota is replaced without naming its version, and deleted', async () => {
  const { client, quotas, limit } = await setUp();
  const quota = { metadata: { name: 'q' }, spec: { hard: { cpu: '1', memory: '500Mi' } } };
  await limit('q', quota.spec);
  const next = { ...quota, spec: { hard: { cpu: '2', memory: '1Gi' } } };
  expect((await client.update(`${quotas}/q`, next)).spec.hard).toEqual(next.spec.hard);
  expect((await client.get(`${quotas}/q`)).spec.hard).toEqual(next.spec.hard);
  await client.remove(`${quotas}/q`);
  expect((await client.attempt('GET', `${quotas}/q`)).status).toBe(404);
});

it('a status that somebody writes is shown, and soon made right again; the spec stays', async () => {
  const { client, quotas, limit } = await setUp();
  await limit('q', { hard: { cpu: '500m', memory: '500Mi' } });
  await eventually(async () =>
    expect((await client.get(`${quotas}/q`)).status.used).toEqual({ cpu: '0', memory: '0' }),
  );
  const watch = await client.watch(quotas, (await client.get(quotas)).metadata.resourceVersion);
  const wanted = { cpu: '1', memory: '1Gi' };
  await client.patch(`${quotas}/q`, { spec: { hard: wanted } }, 'strategic-merge');
  const seen = await watch.until(({ object }) => object.status.hard.cpu === '1');
  expect(seen.status.hard).toEqual(wanted);
  const wrong = { cpu: '2', memory: '2Gi' };
  const written = await client.patch(`${quotas}/q/status`, { status: { hard: wrong } }, 'strategic-merge');
  expect([written.status.hard, written.spec.hard]).toEqual([wrong, wanted]);
  expect((await watch.until(({ object }) => object.status.hard.cpu === '2')).status.hard).toEqual(wrong);
  const righted = await watch.until(({ object }) => object.status.hard.cpu === '1');
  expect([righted.status.hard, righted.spec.hard]).toEqual([wanted, wanted]);
  const { status } = await client.get(`${quotas}/q/status`);
  expect(status.hard).toEqual(wanted);
  await watch.stop();
});
