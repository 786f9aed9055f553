import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const template = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image: 'busybox:1.35' }] },
});
const workload = (name: string, replicas: number) => ({
  metadata: { name },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name) },
});

type Meta = {
  apiVersion: string;
  metadata: { name: string; uid: string; ownerReferences?: object[]; deletionTimestamp?: string };
};

type Owner = 'ReplicaSet' | 'ReplicationController';

/** A namespace in which to count what is left; `sets` are of the kind that owns the pods. */
async function setUp(owner: Owner = 'ReplicaSet') {
  const { client } = plane;
  const namespace = await plane.namespace();
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const isOld = owner === 'ReplicationController';
  const sets = `${isOld ? '/api/v1' : '/apis/apps/v1'}/namespaces/${namespace}/${owner.toLowerCase()}s`;
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const itemsOf = async (path: string): Promise<Meta[]> => (await client.get(path)).items;
  const counts = async () => {
    const [d, s, p] = await Promise.all([deployments, sets, pods].map(itemsOf));
    return { deployments: d!.length, sets: s!.length, pods: p!.length };
  };
  const remove = (path: string, { metadata }: Meta, propagationPolicy: string) =>
    client.remove(`${path}/${metadata.name}`, { propagationPolicy, preconditions: { uid: metadata.uid } });
  const replicaSet = async (name: string, replicas: number): Promise<Meta> => {
    const { spec, ...rest } = workload(name, replicas);
    const selector = isOld ? spec.selector.matchLabels : spec.selector;
    const set = await client.create(sets, { ...rest, spec: { ...spec, selector } });
    await eventually(async () => expect((await client.get(`${sets}/${name}`)).status.replicas).toBe(replicas));
    return set;
  };
  /** The collector takes things in their order: when it has taken this one, it has looked at everything before. */
  const collectorHasLooked = async () => {
    const gone = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'never-was' };
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await client.create(path, { metadata: { name: 'sentinel', ownerReferences: [gone] } });
    await eventually(async () => expect((await client.attempt('GET', `${path}/sentinel`)).status).toBe(404));
  };
  return { client, pods, sets, deployments, itemsOf, counts, remove, replicaSet, collectorHasLooked };
}

describe('a Deployment', () => {
  it('takes its ReplicaSet and pods along', async () => {
    const { client, deployments, counts, remove } = await setUp();
    const deployment = await client.create(deployments, workload('web', 2));
    await eventually(async () => expect(await counts()).toEqual({ deployments: 1, sets: 1, pods: 2 }));
    await remove(deployments, deployment, 'Background');
    await eventually(async () => expect(await counts()).toEqual({ deployments: 0, sets: 0, pods: 0 }));
  });

  it('leaves its ReplicaSet and pods when it is to orphan them', async () => {
    const { client, deployments, sets, itemsOf, counts, remove, collectorHasLooked } = await setUp();
    const deployment = await client.create(deployments, workload('web', 2));
    await eventually(async () => expect(await counts()).toEqual({ deployments: 1, sets: 1, pods: 2 }));
    await remove(deployments, deployment, 'Orphan');
    await eventually(async () => expect((await counts()).deployments).toBe(0));
    await collectorHasLooked();
    expect(await counts()).toEqual({ deployments: 0, sets: 1, pods: 2 });
    for (const { metadata } of await itemsOf(sets)) expect(metadata.ownerReferences).toBeUndefined();
  });
});

describe.each<[Owner]>([['ReplicaSet'], ['ReplicationController']])('a %s', (owner) => {
  const replicas = 10;

  it('takes its pods along', async () => {
    const { sets, counts, remove, replicaSet } = await setUp(owner);
    await remove(sets, await replicaSet('owner', replicas), 'Background');
    await eventually(async () => expect(await counts()).toEqual({ deployments: 0, sets: 0, pods: 0 }));
  });

  it('leaves its pods when it is to orphan them', async () => {
    const { sets, pods, itemsOf, counts, remove, replicaSet, collectorHasLooked } = await setUp(owner);
    await remove(sets, await replicaSet('owner', replicas), 'Orphan');
    await eventually(async () => expect((await counts()).sets).toBe(0));
    await collectorHasLooked();
    expect((await counts()).pods).toBe(replicas);
    for (const { metadata } of await itemsOf(pods)) expect(metadata.ownerReferences).toBeUndefined();
  });

  it('stays until its pods are gone when they are to go first', async () => {
    const { sets, pods, client, itemsOf, remove, replicaSet } = await setUp(owner);
    const watch = await client.watch(sets, (await client.get(sets)).metadata.resourceVersion);
    await remove(sets, await replicaSet('owner', replicas), 'Foreground');
    await watch.until(({ type }) => type === 'DELETED');
    expect(await itemsOf(pods)).toEqual([]);
    await watch.stop();
  });

  it('that waits for a pod with another owner that stays is the only one to lose it', async () => {
    const { client, sets, pods, itemsOf, remove, replicaSet } = await setUp(owner);
    const [going, staying] = [await replicaSet('going', 10), await replicaSet('staying', 0)];
    const second = { apiVersion: staying.apiVersion, kind: owner, name: 'staying', uid: staying.metadata.uid };
    for (const { metadata } of (await itemsOf(pods)).slice(0, 5)) {
      const change = { metadata: { ownerReferences: [second] } };
      await client.patch(`${pods}/${metadata.name}`, change, 'strategic-merge');
    }
    await remove(sets, going, 'Foreground');
    await eventually(async () => expect((await client.attempt('GET', `${sets}/going`)).status).toBe(404));
    const left = await itemsOf(pods);
    expect(left.length).toBe(5);
    for (const { metadata } of left) {
      expect(metadata.deletionTimestamp).toBeUndefined();
      expect(metadata.ownerReferences).toEqual([second]);
    }
  });
});

it('pods that own each other in a circle all go', async () => {
  const { client, pods, itemsOf, remove } = await setUp();
  const names = ['pod1', 'pod2', 'pod3'];
  const made: Meta[] = [];
  for (const name of names) made.push(await client.create(pods, { ...template('circle'), metadata: { name } }));
  for (const [index, name] of names.entries()) {
    const { metadata } = made[(index + 2) % 3]!;
    const reference = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    const ownerReferences = [{ ...reference, controller: true, blockOwnerDeletion: true }];
    await client.patch(`${pods}/${name}`, { metadata: { ownerReferences } }, 'strategic-merge');
  }
  await remove(pods, made[0]!, 'Foreground');
  await eventually(async () => expect(await itemsOf(pods)).toEqual([]));
});
