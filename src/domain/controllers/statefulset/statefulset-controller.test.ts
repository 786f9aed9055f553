import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { Pod, StatefulSet } from '../../meta/types.ts';
import type { TestPlugin } from '../../registry/registry-fixture.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { pods } from '../../resources/pod.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { startFakeKubelet, type FakeKubeletBehaviour } from '../fake-kubelet.ts';
import { imageOf, namesOf, quiet, revisionNumbers, settles, testCluster } from '../test-cluster.ts';
import { startStatefulSetController } from './statefulset-controller.ts';

const key = { namespace: 'default', name: 'db' };
const podKey = (ordinal: number) => ({ namespace: 'default', name: `db-${ordinal}` });

type Spec = NonNullable<StatefulSet['spec']>;

const template = (image: string): Spec['template'] => ({
  metadata: { labels: { app: 'db' } },
  spec: { containers: [{ name: 'db', image }] },
});

const statefulSet = (replicas: number, spec: Partial<Spec> = {}): StatefulSet => ({
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    replicas,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: template('db:1'),
    ...spec,
  },
});

const claimTemplates: Spec['volumeClaimTemplates'] = [
  {
    metadata: { name: 'data', labels: { of: 'db' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  },
];

type Options = FakeKubeletBehaviour & { plugins?: TestPlugin[] };

async function setUp(options: Options = {}) {
  const cluster = await testCluster(options.plugins);
  const { registry } = cluster;
  const made: string[] = [];
  const gone: string[] = [];
  registry.subscribe(pods, ({ type, object }) => {
    if (type === 'ADDED') made.push(metaOf(object).name ?? '');
    if (type === 'DELETED') gone.push(metaOf(object).name ?? '');
  });
  void startStatefulSetController(cluster);
  void startFakeKubelet({ ...options, ...cluster });
  const get = () => registry.get(statefulSets, key);
  const all = () => registry.all(pods, 'default');
  const images = () => all().map(imageOf);
  const claims = () => registry.all(persistentVolumeClaims, 'default');
  const revisions = () => revisionNumbers(registry);
  const change = (spec: Partial<Spec>) =>
    registry.update(statefulSets, key, (current) => ({ ...current, spec: { ...current.spec!, ...spec } }));
  return { ...cluster, made, gone, get, all, images, claims, revisions, change };
}

type Cluster = Awaited<ReturnType<typeof setUp>>;

const complete = ({ get }: Cluster, replicas: number) =>
  settles(() =>
    expect(get().status).toMatchObject({
      observedGeneration: metaOf(get()).generation,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      currentRevision: get().status?.updateRevision,
    }),
  );

describe('pods of a StatefulSet', () => {
  test('have names, labels and host names of their own', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2));
    await complete(cluster, 2);
    const revision = cluster.get().status?.updateRevision;
    expect(revision).toMatch(/^db-\w+$/);
    expect(cluster.get().status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      currentReplicas: 2,
      updatedReplicas: 2,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    });
    expect(cluster.all()).toMatchObject(
      [0, 1].map((ordinal) => ({
        metadata: {
          name: `db-${ordinal}`,
          labels: {
            app: 'db',
            'statefulset.kubernetes.io/pod-name': `db-${ordinal}`,
            'apps.kubernetes.io/pod-index': String(ordinal),
            'controller-revision-hash': revision,
          },
          ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
        },
        spec: { hostname: `db-${ordinal}`, subdomain: 'db' },
      })),
    );
    expect(cluster.all().some((pod) => metaOf(pod).generateName)).toBe(false);
    await settles(() =>
      expect(cluster.messages('SuccessfulCreate', 'db')).toEqual(
        [0, 1].map((ordinal) => `create Pod db-${ordinal} in StatefulSet db successful`),
      ),
    );
  });

  test('come one after the other, each when those before it are available', async () => {
    let ready = 0;
    const cluster = await setUp({
      outcome: ({ metadata }) => (Number(metadata!.name!.slice(3)) < ready ? 'ready' : 'running'),
    });
    await cluster.registry.create(statefulSets, statefulSet(3));
    for (const names of [['db-0'], ['db-0', 'db-1'], ['db-0', 'db-1', 'db-2']]) {
      await quiet(cluster);
      expect(cluster.made).toEqual(names);
      const last = podKey(ready++);
      await cluster.registry.update(pods, last, (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, annotations: { look: 'again' } },
      }));
    }
    await complete(cluster, 3);
  });

  test('come at once where the policy is Parallel, also beside unhealthy ones', async () => {
    const cluster = await setUp({ outcome: () => 'running' });
    await cluster.registry.create(statefulSets, statefulSet(3, { podManagementPolicy: 'Parallel' }));
    await settles(() => expect(cluster.made.toSorted()).toEqual(['db-0', 'db-1', 'db-2']));
    await cluster.change({ replicas: 1 });
    await settles(() => expect(namesOf(cluster.all())).toEqual(['db-0']));
  });

  test('begin with the ordinal that is asked for', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2, { ordinals: { start: 5 } }));
    await complete(cluster, 2);
    expect(cluster.made).toEqual(['db-5', 'db-6']);
    await cluster.change({ ordinals: { start: 6 } });
    await complete(cluster, 2);
    await settles(() => expect(namesOf(cluster.all())).toEqual(['db-6', 'db-7']));
  });

  test('go from the last, one after the other, and none while one is unhealthy', async () => {
    let sick = '';
    const cluster = await setUp({ outcome: ({ metadata }) => (metadata!.name === sick ? 'running' : 'ready') });
    await cluster.registry.create(statefulSets, statefulSet(4));
    await complete(cluster, 4);
    sick = 'db-0';
    await cluster.registry.update(pods, podKey(0), (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { look: 'again' } },
    }));
    await settles(() => expect(cluster.get().status).toMatchObject({ readyReplicas: 3 }));
    await cluster.change({ replicas: 1 });
    await quiet(cluster);
    expect(cluster.gone).toEqual([]);
    sick = '';
    await cluster.registry.update(pods, podKey(0), (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { look: 'once more' } },
    }));
    await complete(cluster, 1);
    expect(cluster.gone).toEqual(['db-3', 'db-2', 'db-1']);
  });

  test('that end or are deleted come back under their names', async () => {
    let evicted: string | undefined;
    const outcome = ({ metadata }: Pod) => {
      if (metadata!.name === 'db-1') evicted ??= metadata!.uid;
      return metadata!.uid === evicted ? 'failed' : 'ready';
    };
    const cluster = await setUp({ outcome });
    await cluster.registry.create(statefulSets, statefulSet(2));
    await settles(() => expect(cluster.gone).toContain('db-1'));
    await complete(cluster, 2);
    await settles(() =>
      expect(cluster.messages('RecreatingFailedPod')).toEqual(['StatefulSet default/db is recreating failed Pod db-1']),
    );
    const { uid } = metaOf(cluster.registry.get(pods, podKey(0)));
    await cluster.registry.delete(pods, podKey(0));
    await settles(() => expect(metaOf(cluster.registry.get(pods, podKey(0))).uid).not.toBe(uid));
    await complete(cluster, 2);
  });

  test('that fail again and again come back more and more rarely', async () => {
    const cluster = await setUp({ outcome: () => 'failed' });
    await cluster.registry.create(statefulSets, statefulSet(1));
    await settles(() => expect(cluster.made).toHaveLength(2));
    await quiet(cluster);
    expect(cluster.made).toHaveLength(2);
    cluster.pass(1000);
    await settles(() => expect(cluster.made).toHaveLength(3));
    await quiet(cluster);
    expect(cluster.made).toHaveLength(3);
  });

  test('wait for a stranger of their name to go', async () => {
    const cluster = await setUp();
    await cluster.registry.create(pods, {
      metadata: { name: 'db-0', namespace: 'default' },
      spec: { containers: [{ name: 'x', image: 'x' }] },
    });
    await cluster.registry.create(statefulSets, statefulSet(1));
    await settles(() => expect(cluster.get().status).toMatchObject({ observedGeneration: 1, replicas: 0 }));
    await cluster.registry.delete(pods, podKey(0));
    await complete(cluster, 1);
  });

  test('are available only after minReadySeconds', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2, { minReadySeconds: 1 }));
    await settles(() => expect(cluster.get().status).toMatchObject({ readyReplicas: 1, availableReplicas: 0 }));
    await quiet(cluster);
    expect(cluster.made).toEqual(['db-0']);
    cluster.pass(1000);
    await settles(() => expect(cluster.made).toEqual(['db-0', 'db-1']));
  });

  test('whose creation is refused are told of and tried again', async () => {
    let failures = 2;
    const quota: TestPlugin = {
      name: 'quota',
      validate: ({ definition, operation }) => {
        if (definition.kind === 'Pod' && operation === 'CREATE' && failures-- > 0) {
          throw forbidden({ group: '', resource: 'pods' }, 'db-0', 'exceeded quota');
        }
      },
    };
    const cluster = await setUp({ plugins: [quota] });
    await cluster.registry.create(statefulSets, statefulSet(1));
    await complete(cluster, 1);
    await settles(() =>
      expect(cluster.messages('FailedCreate', 'db')[0]).toMatch(
        /^create Pod db-0 in StatefulSet db failed error: .*exceeded quota$/,
      ),
    );
  });

  test('that match are adopted, told who they are, and replaced by the version that is asked for', async () => {
    const cluster = await setUp({ mayGo: () => false });
    await cluster.registry.create(pods, {
      metadata: { name: 'db-0', namespace: 'default', labels: { app: 'db' } },
      spec: { containers: [{ name: 'db', image: 'db:0' }] },
    });
    await cluster.registry.create(statefulSets, statefulSet(1));
    await settles(() =>
      expect(metaOf(cluster.registry.get(pods, podKey(0)))).toMatchObject({
        labels: { 'apps.kubernetes.io/pod-index': '0' },
        ownerReferences: [{ kind: 'StatefulSet', name: 'db' }],
        deletionTimestamp: expect.any(String) as string,
      }),
    );
  });

  test('of a set that is being deleted are left to the garbage collector', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2));
    await complete(cluster, 2);
    await cluster.registry.delete(statefulSets, key, { propagationPolicy: 'Foreground' });
    await cluster.registry.delete(pods, podKey(1));
    await quiet(cluster);
    expect(namesOf(cluster.all())).toEqual(['db-0']);
  });
});

describe('claims of a StatefulSet', () => {
  test('are made before the pods and outlive them', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2, { volumeClaimTemplates: claimTemplates }));
    await complete(cluster, 2);
    expect(cluster.claims()).toMatchObject(
      [0, 1].map((ordinal) => ({
        metadata: { name: `data-db-${ordinal}`, labels: { app: 'db', of: 'db' } },
        spec: { resources: { requests: { storage: '1Mi' } } },
      })),
    );
    expect(cluster.all().map(({ spec }) => spec?.volumes)).toEqual(
      [0, 1].map((ordinal) => [{ name: 'data', persistentVolumeClaim: { claimName: `data-db-${ordinal}` } }]),
    );
    const before = cluster.claims().map((claim) => metaOf(claim).uid);
    await cluster.change({ replicas: 0 });
    await complete(cluster, 0);
    await cluster.change({ replicas: 2 });
    await complete(cluster, 2);
    expect(cluster.claims().map((claim) => metaOf(claim).uid)).toEqual(before);
    expect(cluster.claims().some((claim) => metaOf(claim).ownerReferences)).toBe(false);
  });

  const ownersOf = ({ claims }: Cluster) =>
    claims().map((claim) => (metaOf(claim).ownerReferences ?? []).map(({ kind }) => kind).join());

  test('belong to whatever the retention policy names, also when it changes', async () => {
    let mayGo = false;
    const cluster = await setUp({ mayGo: () => mayGo });
    await cluster.registry.create(
      statefulSets,
      statefulSet(2, {
        volumeClaimTemplates: claimTemplates,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
      }),
    );
    await complete(cluster, 2);
    expect(ownersOf(cluster)).toEqual(['StatefulSet', 'StatefulSet']);
    await cluster.change({ replicas: 1 });
    await settles(() => expect(ownersOf(cluster)).toEqual(['StatefulSet', 'Pod']));
    // The claim goes with the pod; until then a new pod would find it.
    await cluster.change({ replicas: 2 });
    mayGo = true;
    await cluster.registry.delete(pods, podKey(1), { gracePeriodSeconds: 0 });
    await quiet(cluster);
    expect(namesOf(cluster.all())).toEqual(['db-0']);
    await cluster.registry.delete(persistentVolumeClaims, { namespace: 'default', name: 'data-db-1' });
    await complete(cluster, 2);
    await cluster.change({ persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } });
    await settles(() => expect(ownersOf(cluster)).toEqual(['', '']));
  });

  test('that somebody removed come back while the pod waits for them', async () => {
    const cluster = await setUp({ outcome: () => 'pending' });
    await cluster.registry.create(statefulSets, statefulSet(1, { volumeClaimTemplates: claimTemplates }));
    await settles(() => expect(cluster.all()).toHaveLength(1));
    const [before] = cluster.claims();
    await cluster.registry.delete(persistentVolumeClaims, { namespace: 'default', name: 'data-db-0' });
    await settles(() => expect(cluster.claims()).toHaveLength(1));
    expect(metaOf(cluster.claims()[0]!).uid).not.toBe(metaOf(before!).uid);
  });
});

describe('a new version of a StatefulSet', () => {
  test('replaces the pods from the last, one at a time, and can be undone', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(3));
    await complete(cluster, 3);
    const first = cluster.get().status?.currentRevision;
    await cluster.change({ template: template('db:2') });
    await complete(cluster, 3);
    expect(cluster.gone).toEqual(['db-2', 'db-1', 'db-0']);
    expect(cluster.images()).toEqual(['db:2', 'db:2', 'db:2']);
    expect(cluster.revisions()).toEqual([1, 2]);
    await cluster.change({ template: template('db:1') });
    await complete(cluster, 3);
    expect(cluster.images()).toEqual(['db:1', 'db:1', 'db:1']);
    expect(cluster.get().status?.updateRevision).toBe(first);
    expect(cluster.revisions()).toEqual([2, 3]);
  });

  test('stays beyond the partition, and what goes below it comes back as it was', async () => {
    const cluster = await setUp();
    const updateStrategy = (partition: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition } });
    await cluster.registry.create(statefulSets, statefulSet(3, { updateStrategy: updateStrategy(2) }));
    await complete(cluster, 3);
    await cluster.change({ template: template('db:2') });
    await settles(() => expect(cluster.images()).toEqual(['db:1', 'db:1', 'db:2']));
    await settles(() =>
      expect(cluster.get().status).toMatchObject({ currentReplicas: 2, updatedReplicas: 1, readyReplicas: 3 }),
    );
    expect(cluster.get().status?.currentRevision).not.toBe(cluster.get().status?.updateRevision);
    await cluster.registry.delete(pods, podKey(0));
    await settles(() => expect(cluster.made).toHaveLength(5));
    await settles(() => expect(cluster.images()).toEqual(['db:1', 'db:1', 'db:2']));
    await cluster.change({ updateStrategy: updateStrategy(0) });
    await complete(cluster, 3);
    expect(cluster.images()).toEqual(['db:2', 'db:2', 'db:2']);
  });

  test('takes as many pods away at once as maxUnavailable says', async () => {
    let mayGo = true;
    const cluster = await setUp({ mayGo: () => mayGo });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%' } };
    await cluster.registry.create(statefulSets, statefulSet(4, { updateStrategy }));
    await complete(cluster, 4);
    mayGo = false;
    await cluster.change({ template: template('db:2') });
    await settles(() => expect(cluster.all().filter((pod) => metaOf(pod).deletionTimestamp)).toHaveLength(2));
    await quiet(cluster);
    expect(namesOf(cluster.all().filter((pod) => metaOf(pod).deletionTimestamp))).toEqual(['db-2', 'db-3']);
  });

  test('waits for whoever deletes the pods where the strategy is OnDelete', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(2, { updateStrategy: { type: 'OnDelete' } }));
    await settles(() => expect(cluster.get().status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 }));
    await cluster.change({ template: template('db:2') });
    await quiet(cluster);
    expect(cluster.images()).toEqual(['db:1', 'db:1']);
    await cluster.registry.delete(pods, podKey(0));
    await settles(() => expect(cluster.images()).toEqual(['db:2', 'db:1']));
  });

  test('leaves so many older ones as the limit says, those that run besides', async () => {
    const cluster = await setUp();
    await cluster.registry.create(statefulSets, statefulSet(1, { revisionHistoryLimit: 1 }));
    await complete(cluster, 1);
    for (const version of [2, 3, 4]) {
      await cluster.change({ template: template(`db:${version}`) });
      await complete(cluster, 1);
    }
    await settles(() => expect(cluster.revisions()).toEqual([3, 4]));
  });
});
