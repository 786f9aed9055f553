import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deployment, Pod, ReplicaSet } from '../../src/domain/meta/types.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const image = (tag: string) => `localhost/web:${tag}`;
const labels = { name: 'web' };
const template = (tag: string) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'web', image: image(tag) }] },
});
const workload = (name: string, tag: string, spec: object = {}) => ({
  metadata: { name, labels },
  spec: { replicas: 1, selector: { matchLabels: labels }, template: template(tag), ...spec },
});
const tagOf = ({ spec }: { spec?: { template?: { spec?: { containers: { image?: string }[] } } } }) =>
  spec?.template?.spec?.containers[0]?.image?.split(':')[1];

async function setUp() {
  const { client } = plane;
  const namespace = await plane.namespace();
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const podsPath = `/api/v1/namespaces/${namespace}/pods`;
  const path = `${apps}/deployments/web`;
  const get = (): Promise<Deployment> => client.get(path);
  const sets = async (): Promise<ReplicaSet[]> => (await client.get(`${apps}/replicasets`)).items;
  const pods = async (): Promise<Pod[]> => (await client.get(podsPath)).items;
  const setOf = async (tag: string) => (await sets()).find((set) => tagOf(set) === tag);
  const create = (tag: string, spec: object = {}) => client.create(`${apps}/deployments`, workload('web', tag, spec));
  const update = (tag: string) => client.patch(path, { spec: { template: template(tag) } }, 'strategic-merge');
  const complete = (replicas: number) =>
    eventually(async () => {
      const { metadata, status } = await get();
      expect(status).toMatchObject({
        observedGeneration: metadata?.generation,
        replicas,
        updatedReplicas: replicas,
        availableReplicas: replicas,
      });
    });
  return { client, namespace, apps, path, podsPath, get, sets, pods, setOf, create, update, complete };
}

const scaling = async (client: ControlPlane['client'], path: string) => {
  const scale = await client.get(`${path}/scale`);
  expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 1 } });
  await client.update(`${path}/scale`, { ...scale, spec: { replicas: 2 } });
  expect((await client.get(path)).spec.replicas).toBe(2);
  await client.patch(`${path}/scale`, { spec: { replicas: 4 } });
  expect((await client.get(path)).spec.replicas).toBe(4);
};

describe('a Deployment', () => {
  it('is scaled through its scale', async () => {
    const { client, path, create, complete } = await setUp();
    await create('1');
    await complete(1);
    await scaling(client, path);
    await complete(4);
  });

  it('of the strategy Recreate never has pods of two versions', async () => {
    const { client, podsPath, get, create, update, complete } = await setUp();
    await create('1', { strategy: { type: 'Recreate' } });
    await complete(1);
    const { resourceVersion } = (await client.get(podsPath)).metadata;
    const watch = await client.watch(podsPath, resourceVersion);
    await update('2');
    await complete(1);
    const [deleted, added] = [
      await watch.until(({ type }) => type === 'DELETED'),
      await watch.until(({ type }) => type === 'ADDED'),
    ];
    await watch.stop();
    expect([deleted, added].map(({ spec }) => spec.containers[0].image)).toEqual([image('1'), image('2')]);
    expect((await get()).metadata?.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  });

  it('takes over a ReplicaSet that it finds, and replaces its pods by new ones', async () => {
    const { client, apps, sets, pods, create, complete } = await setUp();
    const annotations = { 'deployment.kubernetes.io/revision': '3546342826' };
    const old = workload('web-before', '1');
    await client.create(`${apps}/replicasets`, { ...old, metadata: { ...old.metadata, annotations } });
    await create('2');
    await complete(1);
    await eventually(async () =>
      expect((await pods()).map(({ spec }) => spec?.containers[0]?.image)).toEqual([image('2')]),
    );
    const [before, after] = (await sets()).toSorted((a, b) => (tagOf(a)! < tagOf(b)! ? -1 : 1));
    expect(before).toMatchObject({ metadata: { name: 'web-before' }, spec: { replicas: 0 } });
    expect(before?.metadata?.ownerReferences).toMatchObject([{ kind: 'Deployment', name: 'web', controller: true }]);
    expect(after?.metadata?.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3546342827' });
  });

  it('keeps no more old ReplicaSets than it is told to', async () => {
    const { client, apps, sets, create, complete } = await setUp();
    await client.create(`${apps}/replicasets`, workload('web-before', '1'));
    await create('2', { revisionHistoryLimit: 0 });
    await complete(1);
    await eventually(async () => expect((await sets()).map(tagOf)).toEqual(['2']));
  });

  it('spreads a change of its size over both versions in proportion', async () => {
    const { client, path, setOf, create, update, complete } = await setUp();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } };
    await create('1', { replicas: 10, strategy });
    await complete(10);
    await update('never');
    const sizes = async () => [(await setOf('1'))?.spec?.replicas, (await setOf('never'))?.spec?.replicas];
    await eventually(async () => expect(await sizes()).toEqual([8, 5]));
    await eventually(async () => expect((await setOf('1'))?.status?.availableReplicas).toBe(8));
    await client.patch(path, { spec: { replicas: 30 } });
    await eventually(async () => expect(await sizes()).toEqual([20, 13]));
  });

  it('rolls over to a still newer version while one is on its way', async () => {
    const { client, apps, sets, setOf, create, update, complete } = await setUp();
    await client.create(`${apps}/replicasets`, workload('web-before', '1'));
    await eventually(async () => expect((await setOf('1'))?.status?.availableReplicas).toBe(1));
    await create('never', { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } });
    await eventually(async () => expect((await setOf('never'))?.spec?.replicas).toBe(1));
    expect((await setOf('1'))?.status?.availableReplicas).toBe(1);
    await update('2');
    await complete(1);
    const left = (await sets()).filter(({ spec }) => spec?.replicas !== 0);
    expect(left.map(tagOf)).toEqual(['2']);
  });

  it('is made, patched, updated, read, listed everywhere and deleted, and a watch tells of it', async () => {
    const { client, apps, path, get, create, complete } = await setUp();
    const { resourceVersion } = (await client.get(`${apps}/deployments`)).metadata;
    const watch = await client.watch(`${apps}/deployments`, resourceVersion);
    await create('1', { replicas: 2 });
    await watch.until(({ type, object }) => type === 'ADDED' && object.metadata.name === 'web');
    await complete(2);
    await client.patch(path, {
      metadata: { labels: { changed: 'yes' } },
      spec: { replicas: 1, template: template('2') },
    });
    await complete(1);
    expect(tagOf(await get())).toBe('2');
    const everywhere = await client.get('/apis/apps/v1/deployments?labelSelector=changed%3Dyes');
    expect(everywhere.items).toHaveLength(1);
    await client.update(path, { ...(await get()), metadata: { name: 'web', labels: { changed: 'again' } } });
    await watch.until(({ object }) => object.metadata.labels?.changed === 'again');
    await client.remove(`${apps}/deployments?labelSelector=changed%3Dagain`);
    await watch.until(({ type }) => type === 'DELETED');
    await watch.stop();
    expect((await client.attempt('GET', path)).status).toBe(404);
  });

  it('has a status that is read, replaced and patched', async () => {
    const { client, path, create, complete } = await setUp();
    await create('1');
    await complete(1);
    const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from a test' };
    const current = await client.get(`${path}/status`);
    const conditions = [...current.status.conditions, condition];
    const replaced = await client.update(`${path}/status`, { ...current, status: { ...current.status, conditions } });
    expect(replaced.status.conditions).toContainEqual(expect.objectContaining(condition));
    const patched = await client.patch(`${path}/status`, {
      status: { conditions: [{ type: 'StatusPatched', status: 'True' }] },
    });
    expect(patched.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'StatusPatched', status: 'True' }),
    );
  });
});

describe('a ReplicaSet', () => {
  const created = async (spec: object = {}) => {
    const world = await setUp();
    const { client, apps } = world;
    const path = `${apps}/replicasets/rs`;
    await client.create(`${apps}/replicasets`, workload('rs', '1', spec));
    const available = (count: number) =>
      eventually(async () => expect((await client.get(path)).status).toMatchObject({ availableReplicas: count }));
    return { ...world, path, available };
  };

  it('of which size and template are replaced and patched', async () => {
    const { client, path, available } = await created();
    await available(1);
    const current = await client.get(path);
    const replaced = await client.update(path, { ...current, spec: { ...current.spec, replicas: 2 } });
    expect(replaced.spec.replicas).toBe(2);
    await client.patch(
      path,
      { metadata: { labels: { patched: 'yes' } }, spec: { replicas: 3, template: template('2') } },
      'strategic-merge',
    );
    await available(3);
    expect(await client.get(path)).toMatchObject({ metadata: { labels: { patched: 'yes' } } });
    expect(tagOf(await client.get(path))).toBe('2');
  });

  it('is scaled through its scale', async () => {
    const { client, path, available } = await created();
    await available(1);
    await scaling(client, path);
    await available(4);
  });

  it('adopts the pods that match, and lets go of those that no longer do', async () => {
    const { client, apps, podsPath, pods } = await setUp();
    await client.create(podsPath, { metadata: { name: 'orphan', labels }, spec: template('1').spec });
    await client.create(`${apps}/replicasets`, workload('rs', '1'));
    const owners = async () => (await client.get(`${podsPath}/orphan`)).metadata.ownerReferences;
    await eventually(async () => expect(await owners()).toMatchObject([{ kind: 'ReplicaSet', name: 'rs' }]));
    await client.patch(`${podsPath}/orphan`, { metadata: { labels: { name: 'not-matching' } } });
    await eventually(async () => expect(await owners()).toBeUndefined());
    await eventually(async () => expect(await pods()).toHaveLength(2));
  });

  it('is listed everywhere and deleted as a collection', async () => {
    const { client, apps, namespace, available } = await created({ replicas: 3 });
    await available(3);
    const { items } = await client.get('/apis/apps/v1/replicasets?labelSelector=name%3Dweb');
    const names = items.filter((set: ReplicaSet) => set.metadata?.namespace === namespace);
    expect(names).toHaveLength(1);
    await client.remove(`${apps}/replicasets?labelSelector=name%3Dweb`);
    expect((await client.get(`${apps}/replicasets`)).items).toEqual([]);
  });

  it('has a status that is read, replaced and patched', async () => {
    const { client, path, available } = await created();
    await available(1);
    const condition = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from a test' };
    const current = await client.get(`${path}/status`);
    const replaced = await client.update(`${path}/status`, {
      ...current,
      status: { ...current.status, conditions: [condition] },
    });
    expect(replaced.status.conditions).toContainEqual(expect.objectContaining(condition));
    const patched = await client.patch(`${path}/status`, {
      status: { conditions: [{ type: 'StatusPatched', status: 'True' }] },
    });
    expect(patched.status.conditions).toContainEqual(expect.objectContaining({ type: 'StatusPatched' }));
  });
});
