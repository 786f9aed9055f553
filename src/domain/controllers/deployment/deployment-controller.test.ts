import { expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { Deployment, ReplicaSet } from '../../meta/types.ts';
import type { TestPlugin } from '../../registry/registry-fixture.ts';
import { deployments } from '../../resources/deployment.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startDeploymentController, type DeploymentControllerOptions } from './deployment-controller.ts';
import { startFakeKubelet, type FakeKubeletBehaviour } from '../fake-kubelet.ts';
import { isPodReady } from '../pod-lifecycle.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { namesOf, quiet, settles, testCluster } from '../test-cluster.ts';

const key = { namespace: 'default', name: 'web' };

type Spec = NonNullable<Deployment['spec']>;

const template = (image: string): Spec['template'] => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
});

const deployment = (replicas: number, spec: Partial<Spec> = {}): Deployment => ({
  metadata: { name: 'web', namespace: 'default', annotations: { team: 'plant' } },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('web:1'), ...spec },
});

const imageOf = (object: { spec?: { containers?: { image?: string }[] } }) => object.spec?.containers?.[0]?.image;

async function setUp(
  options: FakeKubeletBehaviour & {
    plugins?: TestPlugin[];
    pullAhead?: DeploymentControllerOptions['pullAhead'];
  } = {},
) {
  const cluster = await testCluster(options.plugins);
  const { registry } = cluster;
  void startDeploymentController({ ...cluster, pullAhead: options.pullAhead ?? cluster.pullAhead });
  void startReplicaSetController(cluster);
  void startFakeKubelet({ ...options, ...cluster });
  const get = () => registry.get(deployments, key);
  const sets = () => registry.all(replicaSets, 'default');
  const setOf = (image: string): ReplicaSet | undefined =>
    sets().find(({ spec }) => imageOf(spec!.template!) === image);
  const podsOf = (image: string) => registry.all(pods, 'default').filter((pod) => imageOf(pod) === image);
  const change = (spec: Partial<Spec>) =>
    registry.update(deployments, key, (current) => ({ ...current, spec: { ...current.spec!, ...spec } }));
  const condition = (type: string) => get().status?.conditions?.find((c) => c.type === type);
  return { ...cluster, get, sets, setOf, podsOf, change, condition };
}

const complete = ({ get }: { get: () => Deployment }, replicas: number) =>
  settles(() =>
    expect(get().status).toMatchObject({
      observedGeneration: metaOf(get()).generation,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      unavailableReplicas: 0,
    }),
  );

test('a new Deployment makes one ReplicaSet and tells how it went', async () => {
  const cluster = await setUp();
  const { registry, get, sets, condition, messages } = cluster;
  await registry.create(deployments, deployment(3));
  await complete(cluster, 3);
  expect(sets()).toHaveLength(1);
  const [set] = sets();
  const hash = metaOf(set!).labels?.['pod-template-hash'] ?? '';
  expect(set).toMatchObject({
    metadata: {
      name: `web-${hash}`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        team: 'plant',
        'deployment.kubernetes.io/revision': '1',
        'deployment.kubernetes.io/desired-replicas': '3',
        'deployment.kubernetes.io/max-replicas': '4',
      },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: metaOf(get()).uid, controller: true },
      ],
    },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
      template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
    },
  });
  expect(metaOf(get()).annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
  expect(condition('Available')).toMatchObject({
    status: 'True',
    reason: 'MinimumReplicasAvailable',
    message: 'Deployment has minimum availability.',
  });
  expect(condition('Progressing')).toMatchObject({
    status: 'True',
    reason: 'NewReplicaSetAvailable',
    message: `ReplicaSet "web-${hash}" has successfully progressed.`,
  });
  await settles(() => expect(messages('ScalingReplicaSet')).toEqual([`Scaled up replica set web-${hash} from 0 to 3`]));
});

test('a new template rolls over, is the next revision, and the old set stays for a rollback', async () => {
  const cluster = await setUp();
  const { registry, change, setOf, podsOf, get, messages } = cluster;
  await registry.create(deployments, deployment(3));
  await complete(cluster, 3);
  await change({ template: template('web:2') });
  await complete(cluster, 3);
  expect(podsOf('web:2')).toHaveLength(3);
  expect(setOf('web:1')?.spec?.replicas).toBe(0);
  expect(metaOf(get()).annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' });
  const [one, two] = namesOf([setOf('web:1')!, setOf('web:2')!]);
  await settles(() =>
    expect(messages('ScalingReplicaSet').toSorted()).toEqual(
      [
        `Scaled up replica set ${one} from 0 to 3`,
        `Scaled up replica set ${two} from 0 to 1`,
        `Scaled down replica set ${one} from 3 to 2`,
        `Scaled up replica set ${two} from 1 to 2`,
        `Scaled down replica set ${one} from 2 to 1`,
        `Scaled up replica set ${two} from 2 to 3`,
        `Scaled down replica set ${one} from 1 to 0`,
      ].toSorted(),
    ),
  );
});

test('a rollback takes the old set back under a new revision and remembers the former', async () => {
  const cluster = await setUp();
  const { registry, change, setOf, sets, get } = cluster;
  await registry.create(deployments, deployment(2));
  await complete(cluster, 2);
  const first = metaOf(setOf('web:1')!).uid;
  await change({ template: template('web:2') });
  await complete(cluster, 2);
  await change({ template: template('web:1') });
  await complete(cluster, 2);
  expect(sets()).toHaveLength(2);
  expect(metaOf(setOf('web:1')!)).toMatchObject({
    uid: first,
    annotations: { 'deployment.kubernetes.io/revision': '3', 'deployment.kubernetes.io/revision-history': '1' },
  });
  expect(metaOf(get()).annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '3' });
});

test('a version that never gets ready leaves the old one serving, and the deadline says so', async () => {
  const cluster = await setUp({ outcome: (pod) => (imageOf(pod) === 'web:bad' ? 'pending' : 'ready') });
  const { registry, change, podsOf, condition, pass } = cluster;
  await registry.create(deployments, deployment(3, { progressDeadlineSeconds: 1 }));
  await complete(cluster, 3);
  await change({ template: template('web:bad') });
  await settles(() => expect(condition('Progressing')).toMatchObject({ reason: 'ReplicaSetUpdated' }));
  pass(60_000);
  await settles(() =>
    expect(condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has timed out progressing\.$/),
    }),
  );
  expect(condition('Available')).toMatchObject({ status: 'True' });
  expect(podsOf('web:1').filter(isPodReady)).toHaveLength(3);
  expect(podsOf('web:bad')).toHaveLength(1);
  await change({ template: template('web:1') });
  await complete(cluster, 3);
  expect(condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  expect(podsOf('web:bad')).toHaveLength(0);
});

test('Recreate starts the new version only when the last old pod is gone', async () => {
  let mayGo = false;
  const cluster = await setUp({ mayGo: () => mayGo });
  const { registry, change, podsOf, setOf, get } = cluster;
  await registry.create(deployments, deployment(2, { strategy: { type: 'Recreate' } }));
  await complete(cluster, 2);
  await change({ template: template('web:2') });
  await settles(() => expect(podsOf('web:1').every((pod) => metaOf(pod).deletionTimestamp !== undefined)).toBe(true));
  await settles(() => expect(setOf('web:1')?.status).toMatchObject({ replicas: 0 }));
  await quiet(cluster);
  expect(setOf('web:2')).toBeUndefined();
  expect(get().status).toMatchObject({ replicas: 0, terminatingReplicas: 2 });
  mayGo = true;
  const [first, second] = podsOf('web:1');
  await registry.delete(pods, { namespace: 'default', name: metaOf(first!).name! }, { gracePeriodSeconds: 0 });
  await quiet(cluster);
  expect(setOf('web:2')).toBeUndefined();
  await registry.delete(pods, { namespace: 'default', name: metaOf(second!).name! }, { gracePeriodSeconds: 0 });
  await complete(cluster, 2);
  expect(podsOf('web:2')).toHaveLength(2);
});

test.each([
  ['Recreate', { type: 'Recreate' }],
  ['a rolling update that may not exceed its size', { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }],
])('%s stops nothing until the images of what comes are there', async (_, strategy) => {
  let isThere = false;
  const asked: unknown[] = [];
  const cluster = await setUp({
    pullAhead: async (owner, { spec }) => {
      asked.push([metaOf(owner).name, imageOf({ spec: spec! })]);
      return isThere ? 'present' : { retryMs: 5 };
    },
  });
  const { registry, change, podsOf } = cluster;
  await registry.create(deployments, deployment(2, { strategy }));
  await complete(cluster, 2);
  expect(asked).toEqual([]);
  await change({ template: template('web:2') });
  await settles(() => expect(asked.length).toBeGreaterThan(2));
  expect(podsOf('web:1').filter((pod) => metaOf(pod).deletionTimestamp === undefined)).toHaveLength(2);
  isThere = true;
  await complete(cluster, 2);
  expect(podsOf('web:2')).toHaveLength(2);
  expect(asked).toContainEqual(['web', 'web:2']);
});

test('a paused Deployment keeps its template, follows its size, and goes on when resumed', async () => {
  const cluster = await setUp();
  const { registry, change, setOf, podsOf, condition, get } = cluster;
  await registry.create(deployments, deployment(2));
  await complete(cluster, 2);
  await change({ paused: true, template: template('web:2') });
  await settles(() =>
    expect(condition('Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    }),
  );
  await change({ replicas: 4 });
  await settles(() => expect(get().status).toMatchObject({ availableReplicas: 4 }));
  expect(setOf('web:2')).toBeUndefined();
  await change({ paused: false });
  await complete(cluster, 4);
  expect(podsOf('web:2')).toHaveLength(4);
  expect(condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
});

test('an ended pod of the old version does not hold up Recreate', async () => {
  let mayGo = false;
  const cluster = await setUp({ mayGo: () => mayGo });
  const { registry, change, podsOf } = cluster;
  await registry.create(deployments, deployment(1, { strategy: { type: 'Recreate' } }));
  await complete(cluster, 1);
  const [old] = podsOf('web:1');
  await change({ template: template('web:2') });
  await settles(() => expect(metaOf(podsOf('web:1')[0]!).deletionTimestamp).toBeDefined());
  await registry.update(
    pods,
    { namespace: 'default', name: metaOf(old!).name! },
    (pod) => ({ ...pod, status: { ...pod.status, phase: 'Failed' } }),
    { subresource: 'status' },
  );
  await complete(cluster, 1);
  expect(podsOf('web:2')).toHaveLength(1);
  mayGo = true;
});

test('old sets beyond revisionHistoryLimit go', async () => {
  const cluster = await setUp();
  const { registry, change, sets } = cluster;
  await registry.create(deployments, deployment(1, { revisionHistoryLimit: 1 }));
  await complete(cluster, 1);
  for (const image of ['web:2', 'web:3', 'web:4']) {
    await change({ template: template(image) });
    await complete(cluster, 1);
  }
  await settles(() =>
    expect(new Set(sets().map(({ spec }) => imageOf(spec!.template!)))).toEqual(new Set(['web:3', 'web:4'])),
  );
});

test('minReadySeconds holds back the next step until the new pod has stood the time', async () => {
  const cluster = await setUp();
  const { registry, change, podsOf, pass } = cluster;
  await registry.create(deployments, deployment(1));
  await complete(cluster, 1);
  await change({ template: template('web:2'), minReadySeconds: 1 });
  await settles(() => expect(podsOf('web:2').filter(isPodReady)).toHaveLength(1));
  await quiet(cluster);
  expect(podsOf('web:1').filter(isPodReady)).toHaveLength(1);
  pass(1000);
  await complete(cluster, 1);
  expect(podsOf('web:1')).toHaveLength(0);
});

test('a matching orphan ReplicaSet is adopted as the present version', async () => {
  const cluster = await setUp();
  const { registry, sets } = cluster;
  await registry.create(replicaSets, {
    metadata: { name: 'orphan', namespace: 'default', labels: { app: 'web' } },
    spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: template('web:1') },
  });
  await registry.create(deployments, deployment(2));
  await complete(cluster, 2);
  expect(namesOf(sets())).toEqual(['orphan']);
  expect(metaOf(sets()[0]!)).toMatchObject({
    ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }],
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  });
});

test('a name that is taken by something else is avoided by the collision count', async () => {
  const cluster = await setUp();
  const { registry, sets, get } = cluster;
  await registry.create(deployments, deployment(0));
  await complete(cluster, 0);
  const [taken] = namesOf(sets());
  await registry.delete(deployments, key);
  await registry.delete(replicaSets, { namespace: 'default', name: taken! });
  await registry.create(replicaSets, {
    metadata: { name: taken!, namespace: 'default' },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: 'other' } },
      template: { ...template('other:1'), metadata: { labels: { app: 'other' } } },
    },
  });
  await registry.create(deployments, deployment(1));
  await complete(cluster, 1);
  expect(get().status).toMatchObject({ collisionCount: 1 });
  expect(namesOf(sets())).toHaveLength(2);
});

test('a ReplicaSet that cannot be made, or cannot make its pods, is told in the conditions', async () => {
  let refused = 'ReplicaSet';
  const quota: TestPlugin = {
    name: 'quota',
    validate: ({ definition, operation }) => {
      if (operation === 'CREATE' && definition.kind === refused) {
        throw forbidden({ group: '', resource: definition.plural }, 'web', 'exceeded quota');
      }
    },
  };
  const cluster = await setUp({ plugins: [quota] });
  const { registry, condition } = cluster;
  await registry.create(deployments, deployment(1));
  await settles(() =>
    expect(condition('Progressing')).toMatchObject({
      status: 'False',
      reason: 'ReplicaSetCreateError',
      message: expect.stringContaining('exceeded quota'),
    }),
  );
  refused = 'Pod';
  await settles(() =>
    expect(condition('ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: expect.stringContaining('exceeded quota'),
    }),
  );
  refused = '';
  await complete(cluster, 1);
  expect(condition('ReplicaFailure')).toBeUndefined();
});

test('nothing is written when nothing changes', async () => {
  const cluster = await setUp();
  const { registry } = cluster;
  await registry.create(deployments, deployment(2));
  await complete(cluster, 2);
  await quiet(cluster);
  const before = registry.resourceVersion;
  // A second pair of controllers looks at everything that there is.
  void startDeploymentController(cluster);
  void startReplicaSetController(cluster);
  await quiet(cluster);
  expect(registry.resourceVersion).toBe(before);
});

test('a Deployment that is being deleted is left alone but for its status', async () => {
  const cluster = await setUp();
  const { registry, get, setOf } = cluster;
  await registry.create(deployments, deployment(2));
  await complete(cluster, 2);
  await registry.delete(deployments, key, { propagationPolicy: 'Foreground' });
  await settles(() => expect(get().status?.observedGeneration).toBe(metaOf(get()).generation));
  await cluster.change({ template: template('web:2') });
  await settles(() =>
    expect(get().status).toMatchObject({ observedGeneration: metaOf(get()).generation, updatedReplicas: 0 }),
  );
  expect(setOf('web:2')).toBeUndefined();
});
