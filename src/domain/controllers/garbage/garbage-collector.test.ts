import { describe, expect, test, vi } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { ConfigMap, KubernetesObject, OwnerReference, Pod } from '../../meta/types.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { configMaps } from '../../resources/config-map.ts';
import { deployments } from '../../resources/deployment.ts';
import { namespaces } from '../../resources/namespace.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startDeploymentController } from '../deployment/deployment-controller.ts';
import { startFakeKubelet } from '../fake-kubelet.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';

const catalog = new ResourceCatalog(builtIn);

const owner = (object: KubernetesObject, fields: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: object.apiVersion ?? '',
  kind: object.kind ?? '',
  name: metaOf(object).name ?? '',
  uid: metaOf(object).uid ?? '',
  ...fields,
});

const configMap = (name: string, ownerReferences: OwnerReference[] = [], namespace = 'default'): ConfigMap => ({
  metadata: { name, namespace, ...(ownerReferences.length > 0 ? { ownerReferences } : {}) },
});

async function setUp() {
  const cluster = await testCluster();
  const { registry } = cluster;
  const start = () => startGarbageCollector({ ...cluster, catalog });
  const make = (name: string, owners: OwnerReference[] = []) => registry.create(configMaps, configMap(name, owners));
  const key = (name: string) => ({ namespace: 'default', name });
  const names = () => namesOf(registry.all(configMaps, 'default'));
  const remove = (name: string, propagationPolicy?: 'Background' | 'Foreground' | 'Orphan') =>
    registry.delete(configMaps, key(name), propagationPolicy ? { propagationPolicy } : {});
  return { ...cluster, start, make, key, names, remove };
}

describe('background', () => {
  test('dependents go when their owner has gone, and theirs after them', async () => {
    const { start, make, names, remove } = await setUp();
    void start();
    const top = await make('top');
    const middle = await make('middle', [owner(top)]);
    await make('bottom', [owner(middle)]);
    await make('free');
    await remove('top');
    await settles(() => expect(names()).toEqual(['free']));
  });

  test('one owner left is enough to stay, and the others are forgotten', async () => {
    const cluster = await setUp();
    const { registry, start, make, names, remove, key } = cluster;
    void start();
    const [a, b] = [await make('a'), await make('b')];
    await make('child', [owner(a), owner(b)]);
    await remove('a');
    await settles(() => expect(metaOf(registry.get(configMaps, key('child'))).ownerReferences).toEqual([owner(b)]));
    await remove('b');
    await settles(() => expect(names()).toEqual([]));
  });

  test('owners that went while nobody watched are noticed at the start', async () => {
    const { start, make, names, remove } = await setUp();
    const top = await make('top');
    await make('child', [owner(top)]);
    await remove('top');
    void start();
    await settles(() => expect(names()).toEqual([]));
  });

  test('an object of the same name with another uid is not the owner', async () => {
    const { start, make, names, remove } = await setUp();
    void start();
    const top = await make('top');
    await make('child', [owner(top)]);
    await remove('top');
    await make('top');
    await settles(() => expect(names()).toEqual(['top']));
  });

  test('an object made with an owner that never was goes', async () => {
    const { start, make, names } = await setUp();
    void start();
    await make('child', [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'ghost' }]);
    await settles(() => expect(names()).toEqual([]));
  });

  test('the reference may name an older version of the API', async () => {
    const cluster = await setUp();
    const { registry, start, make, names } = cluster;
    void start();
    const deployment = await registry.create(deployments, {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } },
      },
    });
    await make('child', [owner(deployment, { apiVersion: 'apps/v1beta2' })]);
    await quiet(cluster);
    expect(names()).toEqual(['child']);
    await registry.delete(deployments, { namespace: 'default', name: 'web' });
    await settles(() => expect(names()).toEqual([]));
  });

  test('a cluster-scoped owner is found from any namespace', async () => {
    const { registry, start, make, names } = await setUp();
    void start();
    const node = await registry.create(nodes, { metadata: { name: 'plc-1' } });
    await make('child', [owner(node)]);
    await registry.delete(nodes, { namespace: '', name: 'plc-1' });
    await settles(() => expect(names()).toEqual([]));
  });
});

test('what somebody takes over at the moment it would go stays', async () => {
  const cluster = await setUp();
  const { registry, start, make, names, remove, key } = cluster;
  const [before, after] = [await make('before'), await make('after')];
  await make('child', [owner(before)]);
  await remove('before');
  let taken: Promise<unknown> | undefined;
  const removes = registry.delete.bind(registry);
  vi.spyOn(registry, 'delete').mockImplementation((...deletion) => {
    taken ??= registry.update(configMaps, key('child'), (child) => ({
      ...child,
      metadata: { ...metaOf(child), ownerReferences: [owner(after)] },
    }));
    return removes(...deletion);
  });
  void start();
  await settles(() => expect(taken).toBeDefined());
  await quiet(cluster);
  expect(names()).toEqual(['after', 'child']);
});

describe('what cannot be known is left alone', () => {
  test('an owner of a kind that is not served', async () => {
    const cluster = await setUp();
    void cluster.start();
    await cluster.make('child', [{ apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'w' }]);
    await quiet(cluster);
    expect(cluster.names()).toEqual(['child']);
  });

  test('a cluster-scoped object that names an owner in a namespace', async () => {
    const cluster = await setUp();
    const { registry, start, make, remove } = cluster;
    void start();
    const top = await make('top');
    await registry.create(namespaces, { metadata: { name: 'shop', ownerReferences: [owner(top)] } });
    await remove('top');
    await quiet(cluster);
    expect(namesOf(registry.all(namespaces))).toEqual(['shop']);
  });

  test('an owner of the same name in another namespace is another object', async () => {
    const cluster = await setUp();
    const { registry, start, make } = cluster;
    void start();
    const top = await make('top');
    await registry.create(configMaps, configMap('child', [owner(top)], 'other'));
    await settles(() => expect(registry.all(configMaps, 'other')).toEqual([]));
  });
});

describe('foreground', () => {
  test('the owner stays until the dependents that block it are gone', async () => {
    const cluster = await setUp();
    const { registry, start, make, names, remove, key } = cluster;
    void start();
    const top = await make('top');
    const held: ConfigMap = configMap('held', [owner(top, { blockOwnerDeletion: true })]);
    await registry.create(configMaps, { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
    await make('loose', [owner(top)]);
    await remove('top', 'Foreground');
    await settles(() => expect(names()).toEqual(['held', 'top']));
    await quiet(cluster);
    expect(names()).toEqual(['held', 'top']);
    await registry.update(configMaps, key('held'), ({ metadata, ...rest }) => {
      const { finalizers: _done, ...kept } = metadata!;
      return { ...rest, metadata: kept };
    });
    await settles(() => expect(names()).toEqual([]));
  });

  test('goes down through dependents of dependents, the lowest first', async () => {
    const cluster = await setUp();
    const { registry, start, make, names, remove } = cluster;
    const order: string[] = [];
    registry.subscribe(configMaps, ({ type, object }) => type === 'DELETED' && order.push(metaOf(object).name!));
    void start();
    const top = await make('top');
    const middle = await make('middle', [owner(top, { blockOwnerDeletion: true })]);
    await make('bottom', [owner(middle, { blockOwnerDeletion: true })]);
    await remove('top', 'Foreground');
    await settles(() => expect(names()).toEqual([]));
    expect(order).toEqual(['bottom', 'middle', 'top']);
  });

  test('objects that own each other do not wait for each other for ever', async () => {
    const cluster = await setUp();
    const { registry, start, make, names, remove, key } = cluster;
    void start();
    const a = await make('a');
    const b = await make('b', [owner(a, { blockOwnerDeletion: true })]);
    await registry.update(configMaps, key('a'), (current) => ({
      ...current,
      metadata: { ...metaOf(current), ownerReferences: [owner(b, { blockOwnerDeletion: true })] },
    }));
    await remove('a', 'Foreground');
    await settles(() => expect(names()).toEqual([]));
  });

  test('begun before a restart, it is finished after it', async () => {
    const { start, make, names, remove } = await setUp();
    const top = await make('top');
    await make('child', [owner(top, { blockOwnerDeletion: true })]);
    await remove('top', 'Foreground');
    expect(names()).toEqual(['child', 'top']);
    void start();
    await settles(() => expect(names()).toEqual([]));
  });
});

test('an orphaning deletion lets the dependents live without their owner', async () => {
  const cluster = await setUp();
  const { registry, start, make, names, remove, key } = cluster;
  void start();
  const top = await make('top');
  await make('child', [owner(top, { blockOwnerDeletion: true })]);
  await remove('top', 'Orphan');
  await settles(() => expect(names()).toEqual(['child']));
  await quiet(cluster);
  expect(names()).toEqual(['child']);
  expect(metaOf(registry.get(configMaps, key('child')))).not.toHaveProperty('ownerReferences');
});

describe('a Deployment', () => {
  const web = { namespace: 'default', name: 'web' };

  async function deployed() {
    const cluster = await setUp();
    const { registry } = cluster;
    void cluster.start();
    void startDeploymentController(cluster);
    void startReplicaSetController(cluster);
    void startFakeKubelet({ ...cluster, outcome: () => 'ready' });
    await registry.create(deployments, {
      metadata: web,
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    });
    await settles(() => expect(registry.get(deployments, web).status).toMatchObject({ availableReplicas: 3 }));
    const left = () =>
      [deployments, replicaSets, pods].map((definition) => registry.all<KubernetesObject>(definition).length);
    return { ...cluster, left };
  }

  test.each(['Background', 'Foreground'] as const)('goes with everything below it (%s)', async (propagationPolicy) => {
    const { registry, left } = await deployed();
    await registry.delete(deployments, web, { propagationPolicy });
    await settles(() => expect(left()).toEqual([0, 0, 0]));
  });

  test('orphaned, its ReplicaSet keeps its pods; made again, it takes them back without a restart', async () => {
    const { registry, left, ...cluster } = await deployed();
    const uids = () => registry.all(pods).map((pod: Pod) => metaOf(pod).uid);
    const before = uids();
    const spec = registry.get(deployments, web).spec!;
    await registry.delete(deployments, web, { propagationPolicy: 'Orphan' });
    await settles(() => expect(left()).toEqual([0, 1, 3]));
    await registry.create(deployments, { metadata: web, spec });
    await settles(() => expect(registry.get(deployments, web).status).toMatchObject({ availableReplicas: 3 }));
    await quiet({ registry, ...cluster });
    expect(uids()).toEqual(before);
  });
});
