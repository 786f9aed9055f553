import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pod } from '../../src/domain/meta/types.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

// The one node has ten of a resource that the tests give it.

const resource = 'example.com/fakecpu';
let plane: ControlPlane;
let node: string;
let pods: string;
let namespace: string;
beforeAll(async () => {
  plane = await openControlPlane();
  const { client } = plane;
  node = (await client.get('/api/v1/nodes')).items[0].metadata.name;
  const amounts = { [resource]: '10', pods: '110', cpu: '4', memory: '4Gi' };
  await client.patch(`/api/v1/nodes/${node}/status`, { status: { capacity: amounts, allocatable: amounts } });
  for (const [name, value] of Object.entries({ low: 1, medium: 100, high: 1000 })) {
    await client.create('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value });
  }
});
afterAll(() => plane.close());
beforeEach(async () => {
  namespace = await plane.namespace();
  pods = `/api/v1/namespaces/${namespace}/pods`;
});
afterEach(async () => {
  await plane.client.remove(`/api/v1/namespaces/${namespace}`);
  await eventually(async () => expect((await plane.client.get('/api/v1/pods')).items).toEqual([]));
});

const asking = (amount: number, spec: object = {}) => {
  const amounts = { [resource]: String(amount) };
  const resources = { requests: amounts, limits: amounts };
  return { containers: [{ name: 'c', image: 'localhost/pause:1', resources }], ...spec };
};
const create = (name: string, spec: object, metadata: object = {}, where = pods): Promise<Pod> =>
  plane.client.create(where, { metadata: { name, ...metadata }, spec });
const idle = (spec: object = {}, container: object = {}) => ({
  containers: [{ name: 'c', image: 'localhost/pause:1', ...container }],
  ...spec,
});
const get = (name: string): Promise<Pod> => plane.client.get(`${pods}/${name}`);
const runs = (name: string) => eventually(async () => expect((await get(name)).spec?.nodeName).toBe(node));
const isGone = (name: string) =>
  eventually(async () => expect((await plane.client.attempt('GET', `${pods}/${name}`)).status).toBe(404));
const waits = (name: string, why: string) =>
  eventually(async () =>
    expect((await get(name)).status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'PodScheduled', status: 'False', message: expect.stringContaining(why) }),
    ),
  );

describe('the node takes', () => {
  it('what it has room for, and no more', async () => {
    await create('first', asking(7));
    await create('too-much', asking(5));
    await create('second', asking(3));
    await runs('first');
    await runs('second');
    await waits('too-much', `Insufficient ${resource}`);
  });

  it('a pod whose node selector it matches', async () => {
    await plane.client.patch(`/api/v1/nodes/${node}`, { metadata: { labels: { hall: '7' } } });
    await create('picky', idle({ nodeSelector: { hall: '7' } }));
    await runs('picky');
  });

  it('no pod whose node selector it does not match', async () => {
    await create('picky', idle({ nodeSelector: { hall: 'none' } }));
    await waits('picky', "didn't match Pod's node affinity/selector");
  });

  it('no second pod with the port of a host address when one has it at all of them', async () => {
    const port = (hostIP?: string) => ({
      ports: [{ containerPort: 8080, hostPort: 54_322, ...(hostIP ? { hostIP } : {}) }],
    });
    await create('everywhere', idle({}, port()));
    await create('at-one', idle({}, port('127.0.0.1')));
    await runs('everywhere');
    await waits('at-one', "didn't have free ports");
  });
});

describe('a pod that is more important', () => {
  it('takes the place of the least important one', async () => {
    await create('victim', asking(4, { priorityClassName: 'low' }));
    await create('bystander', asking(6, { priorityClassName: 'medium' }));
    await runs('bystander');
    await create('preemptor', asking(4, { priorityClassName: 'high' }));
    await runs('preemptor');
    await isGone('victim');
    await runs('bystander');
  });

  it('takes it also as a critical one of the system', async () => {
    const system = '/api/v1/namespaces/kube-system/pods';
    await create('victim', asking(8, { priorityClassName: 'low' }));
    await runs('victim');
    await create('critical', asking(8, { priorityClassName: 'system-cluster-critical' }), {}, system);
    await isGone('victim');
    await eventually(async () => expect((await plane.client.get(`${system}/critical`)).spec.nodeName).toBe(node));
    await plane.client.remove(`${system}/critical`);
  });

  it('leaves the one that went with a condition that says why', async () => {
    await create('victim', asking(8, { priorityClassName: 'low' }), { finalizers: ['example.com/test'] });
    await runs('victim');
    await create('preemptor', asking(8, { priorityClassName: 'high' }));
    await eventually(async () => {
      const { metadata, status } = await get('victim');
      expect(metadata?.deletionTimestamp).toBeDefined();
      expect(status?.conditions).toContainEqual(
        expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }),
      );
    });
    await plane.client.patch(`${pods}/victim`, { metadata: { finalizers: null } });
    await runs('preemptor');
  });

  it('takes what the pods of several ReplicaSets have, the least important first', async () => {
    const sets = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
    const set = (name: string, replicas: number, amount: number, priorityClassName: string) =>
      plane.client.create(sets, {
        metadata: { name },
        spec: {
          replicas,
          selector: { matchLabels: { name } },
          template: { metadata: { labels: { name } }, spec: asking(amount, { priorityClassName }) },
        },
      });
    const ready = (name: string, count: number) =>
      eventually(async () => expect((await plane.client.get(`${sets}/${name}`)).status.readyReplicas).toBe(count));
    await set('one', 5, 1, 'low');
    await set('two', 2, 2, 'medium');
    await ready('one', 5);
    await ready('two', 2);
    await set('three', 1, 6, 'high');
    await ready('three', 1);
    await ready('two', 2);
    await ready('one', 0);
  });
});
