import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { Pod, ReplicaSet } from '../../meta/types.ts';
import type { TestPlugin } from '../../registry/registry-fixture.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startFakeKubelet, type PodOutcome } from '../fake-kubelet.ts';
import { startReplicaSetController } from './replicaset-controller.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';

const key = { namespace: 'default', name: 'web' };

const replicaSet = (replicas: number, spec: Partial<NonNullable<ReplicaSet['spec']>> = {}): ReplicaSet => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
    ...spec,
  },
});

const barePod = (name: string, labels: Record<string, string>): Pod => ({
  metadata: { name, namespace: 'default', labels },
  spec: { containers: [{ name: 'web', image: 'web:1' }] },
});

async function setUp(
  outcome: (pod: Pod) => PodOutcome = () => 'ready',
  plugins: TestPlugin[] = [],
  mayGo: (pod: Pod) => boolean = () => true,
) {
  const cluster = await testCluster(plugins);
  void startReplicaSetController(cluster);
  void startFakeKubelet({ ...cluster, outcome, mayGo });
  const { registry } = cluster;
  const all = () => registry.all(pods, 'default');
  const status = () => registry.get(replicaSets, key).status;
  const scale = (replicas: number) =>
    registry.update(replicaSets, key, (set) => ({ ...set, spec: { ...set.spec!, replicas } }));
  return { ...cluster, all, status, scale };
}

test('makes the pods it lacks, which name it as their controller, and counts them', async () => {
  const { registry, all, status, messages } = await setUp();
  await registry.create(replicaSets, replicaSet(3));
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 3 }));
  expect(status()).toEqual({
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    terminatingReplicas: 0,
    observedGeneration: 1,
  });
  for (const pod of all()) {
    expect(metaOf(pod)).toMatchObject({
      name: expect.stringMatching(/^web-[a-z0-9]{5}$/),
      labels: { app: 'web' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: metaOf(registry.get(replicaSets, key)).uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  }
  await settles(() =>
    expect(messages('SuccessfulCreate', 'web').toSorted()).toEqual(
      namesOf(all()).map((name) => `Created pod: ${name}`),
    ),
  );
});

test('never makes one pod too many, however often it is woken', async () => {
  const cluster = await setUp();
  const { registry, all, scale } = cluster;
  let most = 0;
  registry.subscribe(pods, () => (most = Math.max(most, all().length)));
  await registry.create(replicaSets, replicaSet(0));
  await scale(7);
  for (let i = 0; i < 20; i++) {
    await registry.update(replicaSets, key, (set) => ({
      ...set,
      metadata: { ...set.metadata, annotations: { turn: String(i) } },
    }));
  }
  await quiet(cluster);
  expect(all()).toHaveLength(7);
  expect(most).toBe(7);
});

test('a creation that fails is told, tried again, and never leads to one pod too many', async () => {
  let failures = 5;
  let most = 0;
  const quota: TestPlugin = {
    name: 'quota',
    validate: ({ definition, operation }) => {
      if (definition.kind === 'Pod' && operation === 'CREATE' && failures-- > 0) {
        throw forbidden({ group: '', resource: 'pods' }, 'web', 'exceeded quota');
      }
    },
  };
  const cluster = await setUp(() => 'ready', [quota]);
  const { registry, all, status, messages } = cluster;
  registry.subscribe(pods, () => (most = Math.max(most, all().length)));
  await registry.create(replicaSets, replicaSet(4));
  await settles(() =>
    expect(status()?.conditions).toEqual([
      expect.objectContaining({
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: expect.stringContaining('exceeded quota'),
      }),
    ]),
  );
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 4 }));
  await quiet(cluster);
  expect(status()).not.toHaveProperty('conditions');
  expect(all()).toHaveLength(4);
  expect(most).toBe(4);
  await settles(() => expect(messages('FailedCreate', 'web')[0]).toContain('Error creating: '));
});

test('a namespace that is being terminated is not asked again', async () => {
  let asked = 0;
  const lifecycle: TestPlugin = {
    name: 'namespace-lifecycle',
    validate: ({ definition, operation }) => {
      if (definition.kind !== 'Pod' || operation !== 'CREATE') return;
      asked += 1;
      const causes = [{ reason: 'NamespaceTerminating', message: '', field: 'metadata.namespace' }];
      throw forbidden({ group: '', resource: 'pods' }, 'web', 'it is being terminated', causes);
    },
  };
  const cluster = await setUp(() => 'ready', [lifecycle]);
  await cluster.registry.create(replicaSets, replicaSet(4));
  await settles(() => expect(asked).toBeGreaterThan(0));
  await quiet(cluster);
  // The status that tells of the failure wakes the controller once more.
  expect(asked).toBeLessThanOrEqual(2);
});

test('a pod that is deleted or ends is replaced', async () => {
  const cluster = await setUp((pod) => (metaOf(pod).labels?.['fate'] === 'fail' ? 'failed' : 'ready'));
  const { registry, all, status } = cluster;
  await registry.create(replicaSets, replicaSet(2));
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 2 }));
  const [first, second] = namesOf(all());
  await registry.delete(pods, { namespace: 'default', name: first! });
  await registry.update(pods, { namespace: 'default', name: second! }, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, fate: 'fail' } },
  }));
  await settles(() => expect(all().filter(({ status: s }) => s?.phase === 'Running')).toHaveLength(2));
  await quiet(cluster);
  expect(namesOf(all())).not.toContain(first);
  expect(namesOf(all())).toContain(second);
  expect(all()).toHaveLength(3);
});

test('scales down by the pods least missed', async () => {
  const cluster = await setUp((pod) => (all().indexOf(pod) === 0 ? 'running' : 'ready'));
  const { registry, scale, status, messages } = cluster;
  const all = () => cluster.all();
  await registry.create(replicaSets, replicaSet(3));
  await settles(() => expect(status()).toMatchObject({ replicas: 3, readyReplicas: 2 }));
  const unready = all().find((pod) => pod.status?.conditions?.[0]?.status === 'False');
  await scale(2);
  await settles(() => expect(status()).toMatchObject({ replicas: 2, readyReplicas: 2, observedGeneration: 2 }));
  await settles(() => expect(messages('SuccessfulDelete', 'web')).toEqual([`Deleted pod: ${metaOf(unready!).name}`]));
});

test('adopts matching orphans instead of making pods, and lets go of pods whose labels no longer match', async () => {
  const cluster = await setUp();
  const { registry, all, status } = cluster;
  await registry.create(pods, barePod('orphan', { app: 'web' }));
  await registry.create(pods, barePod('stranger', { app: 'db' }));
  await registry.create(replicaSets, replicaSet(2));
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 2 }));
  expect(all()).toHaveLength(3);
  const owner = (name: string) => metaOf(registry.get(pods, { namespace: 'default', name })).ownerReferences;
  expect(owner('orphan')).toMatchObject([{ name: 'web', controller: true }]);
  expect(owner('stranger')).toBeUndefined();
  await registry.update(pods, { namespace: 'default', name: 'orphan' }, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { app: 'debugged' } },
  }));
  await settles(() => expect(owner('orphan')).toBeUndefined());
  await settles(() => expect(all()).toHaveLength(4));
  // An orphan beyond the number asked for is adopted and one pod goes.
  await registry.create(pods, barePod('late', { app: 'web' }));
  await settles(() => expect(all()).toHaveLength(4));
  await quiet(cluster);
  expect(status()).toMatchObject({ replicas: 2 });
});

test('a ready pod becomes available after minReadySeconds without another change', async () => {
  const cluster = await setUp();
  const { registry, status, pass } = cluster;
  await registry.create(replicaSets, replicaSet(1, { minReadySeconds: 1 }));
  await settles(() => expect(status()).toMatchObject({ readyReplicas: 1 }));
  expect(status()).toMatchObject({ availableReplicas: 0 });
  pass(1000);
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 1 }));
});

test('a set that is being deleted makes and removes nothing', async () => {
  const cluster = await setUp();
  const { registry, all, status } = cluster;
  await registry.create(replicaSets, replicaSet(2));
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 2 }));
  await registry.delete(replicaSets, key, { propagationPolicy: 'Foreground' });
  await registry.delete(pods, { namespace: 'default', name: namesOf(all())[0]! });
  await quiet(cluster);
  expect(all()).toHaveLength(1);
});

describe('names', () => {
  test('a set whose name ends in a dot-free long text still makes valid pod names', async () => {
    const cluster = await setUp();
    const name = 'a'.repeat(240);
    await cluster.registry.create(replicaSets, { ...replicaSet(1), metadata: { name, namespace: 'default' } });
    await settles(() => expect(cluster.all()).toHaveLength(1));
    expect(namesOf(cluster.all())[0]).toMatch(/^a{58}[a-z0-9]{5}$/);
  });
});

test('pods that the node refuses are not made anew in a loop', async () => {
  const { registry, all, pass, ...cluster } = await setUp(() => 'refused');
  await registry.create(replicaSets, replicaSet(1));
  await settles(() => expect(all().map(({ status }) => status?.phase)).toEqual(['Failed']));
  await quiet({ registry });
  expect(all()).toHaveLength(1);
  pass(1000);
  await settles(() => expect(all().map(({ status }) => status?.phase)).toEqual(['Failed', 'Failed']));
  await quiet({ registry });
  expect(cluster.messages('SuccessfulCreate', 'web')).toHaveLength(2);
});

test('counts the pods that are on their way out until they are gone', async () => {
  let mayGo = false;
  const { registry, all, status, scale } = await setUp(
    () => 'ready',
    [],
    () => mayGo,
  );
  await registry.create(replicaSets, replicaSet(3));
  await settles(() => expect(status()).toMatchObject({ availableReplicas: 3 }));
  await scale(1);
  await settles(() => expect(status()).toMatchObject({ replicas: 1, terminatingReplicas: 2 }));
  mayGo = true;
  for (const pod of all().filter((each) => metaOf(each).deletionTimestamp !== undefined))
    await registry.delete(pods, { namespace: 'default', name: metaOf(pod).name! }, { gracePeriodSeconds: 0 });
  await settles(() => expect(status()).toMatchObject({ replicas: 1, terminatingReplicas: 0 }));
});
