import { expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import type { TestPlugin } from '../../registry/registry-fixture.ts';
import { catalog as builtIn } from '../../resources/catalog.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { configMaps } from '../../resources/config-map.ts';
import { deployments } from '../../resources/deployment.ts';
import { events } from '../../resources/event.ts';
import { namespaces } from '../../resources/namespace.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { serviceAccounts } from '../../resources/service-account.ts';
import { startDeploymentController } from '../deployment/deployment-controller.ts';
import { startFakeKubelet } from '../fake-kubelet.ts';
import { startGarbageCollector } from '../garbage/garbage-collector.ts';
import { startNamespaceController } from './namespace-controller.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { startRootCaController } from '../access/root-ca-controller.ts';
import { startServiceAccountController } from '../access/service-account-controller.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';

const catalog = new ResourceCatalog(builtIn);

/** As admission does: nothing new in a namespace that is going. */
const lifecycle: TestPlugin = {
  name: 'lifecycle',
  validate: ({ operation, definition, key }, lister) => {
    if (operation !== 'CREATE' || definition.scope === 'Cluster') return;
    const namespace = lister.find(namespaces, { namespace: '', name: key.namespace });
    if (!metaOf(namespace ?? {}).deletionTimestamp) return;
    const causes = [{ reason: 'NamespaceTerminating', message: '', field: 'metadata.namespace' }];
    throw forbidden(
      { group: definition.group, resource: definition.plural },
      key.name,
      'it is being terminated',
      causes,
    );
  },
};

const authority = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

async function setUp() {
  const cluster = await testCluster([lifecycle]);
  const { registry } = cluster;
  const create = (name: string) => registry.create(namespaces, { metadata: { name } });
  const remove = (name: string) => registry.delete(namespaces, { namespace: '', name });
  const find = (name: string) => registry.find(namespaces, { namespace: '', name });
  const content = (namespace: string): KubernetesObject[] =>
    catalog.stored
      .filter(({ scope }) => scope === 'Namespaced')
      .flatMap((definition) => registry.all(definition, namespace));
  return { ...cluster, create, remove, find, content };
}

test('an empty namespace that is deleted goes', async () => {
  const cluster = await setUp();
  await cluster.create('shop');
  expect(await cluster.remove('shop')).toMatchObject({ removed: false, object: { status: { phase: 'Terminating' } } });
  void startNamespaceController({ ...cluster, catalog });
  await settles(() => expect(cluster.find('shop')).toBeUndefined());
});

test('pods go before the configuration they use, and nothing of another namespace goes', async () => {
  let mayGo = false;
  const cluster = await setUp();
  const { registry, create, remove, find, content } = cluster;
  void startNamespaceController({ ...cluster, catalog });
  void startFakeKubelet({ ...cluster, outcome: () => 'ready', mayGo: () => mayGo });
  for (const namespace of ['shop', 'other']) {
    await create(namespace);
    await registry.create(configMaps, { metadata: { name: 'config', namespace } });
    await registry.create(pods, {
      metadata: { name: 'web', namespace },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    });
  }
  await quiet(cluster);
  await remove('shop');
  await quiet(cluster);
  expect(namesOf(content('shop'))).toEqual(['web', 'config']);
  mayGo = true;
  await registry.delete(pods, { namespace: 'shop', name: 'web' }, { gracePeriodSeconds: 0 });
  await settles(() => expect(find('shop')).toBeUndefined());
  expect(content('shop')).toEqual([]);
  expect(namesOf(content('other'))).toEqual(['web', 'config']);
});

test('what a finalizer holds keeps the namespace until it is released', async () => {
  const cluster = await setUp();
  const { registry, create, remove, find } = cluster;
  void startNamespaceController({ ...cluster, catalog });
  await create('shop');
  const held = { namespace: 'shop', name: 'held' };
  await registry.create(configMaps, { metadata: { ...held, finalizers: ['example.com/hold'] } });
  await remove('shop');
  await quiet(cluster);
  expect(find('shop')?.status).toMatchObject({
    phase: 'Terminating',
    conditions: [
      { type: 'NamespaceDeletionDiscoveryFailure', status: 'False' },
      { type: 'NamespaceDeletionGroupVersionParsingFailure', status: 'False' },
      { type: 'NamespaceDeletionContentFailure', status: 'False' },
      {
        type: 'NamespaceContentRemaining',
        status: 'True',
        reason: 'SomeResourcesRemain',
        message: 'Some resources are remaining: configmaps. has 1 resource instances',
      },
      {
        type: 'NamespaceFinalizersRemaining',
        status: 'True',
        reason: 'SomeFinalizersRemain',
        message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
      },
    ],
  });
  await registry.update(configMaps, held, (current) => {
    const { finalizers: _done, ...kept } = metaOf(current);
    return { ...current, metadata: kept };
  });
  await settles(() => expect(find('shop')).toBeUndefined());
});

test('a whole application in full swing goes with its namespace, beside every other controller', async () => {
  const cluster = await setUp();
  const { registry, recorder, create, remove, find, content } = cluster;
  void startDeploymentController(cluster);
  void startReplicaSetController(cluster);
  void startNamespaceController({ ...cluster, catalog });
  void startGarbageCollector({ ...cluster, catalog });
  void startServiceAccountController(cluster);
  void startRootCaController({ ...cluster, authority });
  void startFakeKubelet({ ...cluster, outcome: () => 'ready' });
  await create('shop');
  const deployment = await registry.create(deployments, {
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    },
  });
  recorder.event(deployment, 'Normal', 'Test', 'test');
  await settles(() => expect(registry.all(events, 'shop').length).toBeGreaterThan(1));
  await remove('shop');
  await settles(() => expect(find('shop')).toBeUndefined());
  await quiet(cluster);
  expect(content('shop')).toEqual([]);
  expect(registry.all(replicaSets)).toEqual([]);
});

test('every active namespace has the default account, also after somebody deleted it', async () => {
  const cluster = await setUp();
  const { registry, create, remove } = cluster;
  await create('early');
  void startServiceAccountController(cluster);
  await create('late');
  const key = { namespace: 'late', name: 'default' };
  await settles(() => expect(registry.all(serviceAccounts)).toHaveLength(2));
  const first = metaOf(registry.get(serviceAccounts, key)).uid;
  await registry.delete(serviceAccounts, key);
  await settles(() => expect(metaOf(registry.get(serviceAccounts, key)).uid).not.toBe(first));
  await remove('late');
  await registry.delete(serviceAccounts, key);
  await quiet(cluster);
  expect(registry.find(serviceAccounts, key)).toBeUndefined();
});

test('every active namespace has the authority, also after somebody changed or deleted it', async () => {
  const cluster = await setUp();
  const { registry, create } = cluster;
  await create('shop');
  void startRootCaController({ ...cluster, authority });
  const key = { namespace: 'shop', name: 'kube-root-ca.crt' };
  const published = () => expect(registry.find(configMaps, key)?.data).toEqual({ 'ca.crt': authority });
  await settles(published);
  await registry.update(configMaps, key, (current) => ({ ...current, data: { 'ca.crt': 'forged', more: 'x' } }));
  await settles(published);
  await registry.delete(configMaps, key);
  await settles(published);
});

test('a new authority replaces the old one at the next start', async () => {
  const cluster = await setUp();
  const { registry, create } = cluster;
  await create('shop');
  const key = { namespace: 'shop', name: 'kube-root-ca.crt' };
  await registry.create(configMaps, { metadata: { ...key, labels: { own: 'label' } }, data: { 'ca.crt': 'old' } });
  void startRootCaController({ ...cluster, authority });
  await settles(() => expect(registry.get(configMaps, key).data).toEqual({ 'ca.crt': authority }));
  expect(metaOf(registry.get(configMaps, key)).labels).toEqual({ own: 'label' });
});
