import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { Deployment, Pod } from '../../meta/types.ts';
import { memoryObjectStore } from '../../registry/registry-fixture.ts';
import { deployments } from '../../resources/deployment.ts';
import { pods } from '../../resources/pod.ts';
import { startFakeKubelet, type PodOutcome } from '../fake-kubelet.ts';
import { startReplicaSetController } from '../replicaset/replicaset-controller.ts';
import { imageOf, quiet, settles, testCluster } from '../test-cluster.ts';
import { tellUpdateAllowed } from '../updates/update-allowed-fixture.ts';
import { startDeploymentController } from './deployment-controller.ts';

// What only k2d does to Deployments: updates that undo themselves, and updates that wait for the plant.

const key = { namespace: 'default', name: 'line' };
type Spec = NonNullable<Deployment['spec']>;

const template = (image: string, annotations: Record<string, string> = {}): Spec['template'] => ({
  metadata: { labels: { app: 'line' }, annotations },
  spec: { containers: [{ name: 'plc', image }] },
});

const line = (annotations: Record<string, string>, spec: Partial<Spec> = {}): Deployment => ({
  metadata: { ...key, annotations },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'line' } },
    template: template('plc:1'),
    progressDeadlineSeconds: 1,
    ...spec,
  },
});

const outcome = (pod: Pod): PodOutcome => (imageOf(pod)?.includes('bad') ? 'pending' : 'ready');

async function setUp(store = memoryObjectStore()) {
  const cluster = await testCluster([], store);
  const { registry } = cluster;
  const pulled: (string | undefined)[] = [];
  void startDeploymentController({
    ...cluster,
    pullAhead: async (_owner, { spec }) => {
      pulled.push(imageOf({ spec: spec! }));
      return 'present';
    },
  });
  void startReplicaSetController(cluster);
  void startFakeKubelet({ ...cluster, outcome });
  const get = () => registry.get(deployments, key);
  const condition = (type: string) => get().status?.conditions?.find((each) => each.type === type);
  const images = () => registry.all(pods, 'default').map(imageOf);
  const update = (next: Spec['template']) =>
    registry.update(deployments, key, (current) => ({ ...current, spec: { ...current.spec!, template: next } }));
  const annotate = (annotations: Record<string, string>) =>
    registry.update(deployments, key, (current) => ({
      ...current,
      metadata: { ...metaOf(current), annotations: { ...metaOf(current).annotations, ...annotations } },
    }));
  const revision = () => metaOf(get()).annotations?.['deployment.kubernetes.io/revision'];
  const runs = (image: string) =>
    settles(() => {
      expect(images()).toEqual([image, image]);
      expect(get().status).toMatchObject({ updatedReplicas: 2, availableReplicas: 2, replicas: 2 });
    });
  const misses = async () => {
    await settles(() => expect(condition('Progressing')).toMatchObject({ reason: 'ReplicaSetUpdated' }));
    cluster.pass(60_000);
  };
  return { ...cluster, pulled, get, condition, images, update, annotate, revision, runs, misses };
}

describe('automatic rollback', () => {
  const automatic = { 'k2d.io/automatic-rollback': 'true' };
  const goesBack = (world: Awaited<ReturnType<typeof setUp>>, image: string) =>
    settles(() => expect(world.get().spec?.template.spec?.containers[0]?.image).toBe(image));

  test('what misses its deadline is undone, and says so', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line(automatic));
    await world.runs('plc:1');
    await world.update(template('plc:bad'));
    await world.misses();
    await goesBack(world, 'plc:1');
    await world.runs('plc:1');
    expect(world.revision()).toBe('3');
    expect(world.condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
    expect(world.condition('k2d.io/RolledBack')).toMatchObject({
      status: 'True',
      reason: 'ProgressDeadlineExceeded',
      message: expect.stringMatching(
        /^ReplicaSet "line-\w+" did not become available in time, so "line-\w+" is back\./,
      ),
    });
    await settles(() =>
      expect(world.messages('DeploymentRollback')).toEqual([
        expect.stringMatching(/^ReplicaSet "line-\w+" did not become available within 1 s: rolled back to revision 1$/),
      ]),
    );
  });

  test('it is not tried again before the template is another, also after k2d was started again', async () => {
    const store = memoryObjectStore();
    const before = await setUp(store);
    await before.registry.create(deployments, line(automatic));
    await before.runs('plc:1');
    await before.update(template('plc:bad'));
    await before.misses();
    await goesBack(before, 'plc:1');
    await before.runs('plc:1');
    before.stop();

    const world = await setUp(store);
    await settles(() => expect(world.condition('k2d.io/RolledBack')).toMatchObject({ status: 'True' }));
    const seen: (string | undefined)[] = [];
    world.registry.subscribe(pods, ({ type, object }) => void (type === 'ADDED' && seen.push(imageOf(object))));
    await world.update(template('plc:bad'));
    await goesBack(world, 'plc:1');
    await quiet(world);
    expect(seen).toEqual([]);
    await settles(() => expect(world.messages('DeploymentRollback').join()).toContain('is not tried again'));

    await world.update(template('plc:2'));
    await world.runs('plc:2');
    expect(world.condition('k2d.io/RolledBack')).toBeUndefined();
    expect(metaOf(world.get()).annotations).not.toHaveProperty('k2d.io/rolled-back-from');
    await world.update(template('plc:bad'));
    await settles(() => expect(seen).toContain('plc:bad'));
  });

  test('k2d may be started again before the deadline', async () => {
    const store = memoryObjectStore();
    const before = await setUp(store);
    await before.registry.create(deployments, line(automatic));
    await before.runs('plc:1');
    await before.update(template('plc:bad'));
    await settles(() => expect(before.condition('Progressing')).toMatchObject({ reason: 'ReplicaSetUpdated' }));
    before.stop();
    const world = await setUp(store);
    await settles(() => expect(world.condition('Progressing')).toBeDefined());
    await quiet(world);
    world.pass(60_000);
    await goesBack(world, 'plc:1');
    await world.runs('plc:1');
  });

  test('it goes past revisions that never were available, and never back from one that was', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line({}));
    await world.runs('plc:1');
    await world.update(template('plc:bad-a'));
    await world.misses();
    await settles(() => expect(world.condition('Progressing')).toMatchObject({ reason: 'ProgressDeadlineExceeded' }));
    await world.update(template('plc:bad-b'));
    await settles(() =>
      expect(world.condition('Progressing')).not.toMatchObject({ reason: 'ProgressDeadlineExceeded' }),
    );
    await world.annotate(automatic);
    await quiet(world);
    world.pass(60_000);
    await goesBack(world, 'plc:1');
    await world.runs('plc:1');
    await quiet(world);
    expect(world.revision()).toBe('4');
  });

  test('without the annotation, or without a revision that was available, nothing is undone', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line(automatic, { template: template('plc:bad') }));
    await settles(() => expect(world.get().status).toMatchObject({ unavailableReplicas: 2 }));
    await quiet(world);
    world.pass(60_000);
    await settles(() => expect(world.condition('Progressing')).toMatchObject({ reason: 'ProgressDeadlineExceeded' }));
    await quiet(world);
    expect(world.revision()).toBe('1');
    expect(world.messages('DeploymentRollback')).toEqual([]);
  });
});

describe('an update that waits for the plant', () => {
  const window = (value: string) => ({ 'k2d.io/update-window': value });

  test('blocked, it stops nothing and tells why; open, it goes on', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line(window('blocked')));
    await world.runs('plc:1');
    expect(world.condition('k2d.io/UpdatePostponed')).toBeUndefined();
    await world.update(template('plc:2'));
    await settles(() =>
      expect(world.condition('k2d.io/UpdatePostponed')).toMatchObject({
        status: 'True',
        reason: 'UpdateWindowBlocked',
        message: 'The annotation k2d.io/update-window of the Deployment postpones updates.',
      }),
    );
    world.pass(600_000);
    await quiet(world);
    expect(world.images()).toEqual(['plc:1', 'plc:1']);
    expect(new Set(world.pulled)).toEqual(new Set(['plc:2']));
    expect(world.condition('Progressing')).toMatchObject({ status: 'Unknown', reason: 'UpdatePostponed' });
    await world.annotate(window('open'));
    await world.runs('plc:2');
    expect(world.condition('k2d.io/UpdatePostponed')).toBeUndefined();
    expect(world.condition('Progressing')).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  test('one pod that holds its lock is enough; what is not known counts as held', async () => {
    const world = await setUp();
    const locked = (image: string) => template(image, { 'k2d.io/update-lock': '/run/update.lock' });
    await world.registry.create(deployments, line({}, { template: locked('plc:1') }));
    await world.runs('plc:1');
    const say = (pod: Pod, status: 'True' | 'False') =>
      tellUpdateAllowed(world.registry, pod, status, 'its lock file is there');
    const [first, second] = world.registry.all(pods, 'default');
    await world.update(locked('plc:2'));
    const why = () => world.condition('k2d.io/UpdatePostponed');
    await settles(() =>
      expect(why()).toMatchObject({ reason: 'UpdateLockHeld', message: expect.stringContaining('not known') }),
    );
    await say(first!, 'True');
    await say(second!, 'False');
    await settles(() =>
      expect(why()?.message).toBe(`Pod "${metaOf(second!).name}" postpones updates: its lock file is there.`),
    );
    await quiet(world);
    expect(world.images()).toEqual(['plc:1', 'plc:1']);
    await say(second!, 'True');
    await settles(() => expect(world.images()).toContain('plc:2'));
  });

  test('"open" at the Deployment outweighs its pods', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line({}, { template: template('plc:1', window('blocked')) }));
    await world.runs('plc:1');
    await world.update(template('plc:2', window('blocked')));
    await settles(() =>
      expect(world.condition('k2d.io/UpdatePostponed')).toMatchObject({ reason: 'UpdateWindowBlocked' }),
    );
    expect(world.images()).toEqual(['plc:1', 'plc:1']);
    await world.annotate(window('open'));
    await world.runs('plc:2');
  });

  test('what goes back to the version that runs has nothing to wait for', async () => {
    const world = await setUp();
    await world.registry.create(deployments, line(window('blocked')));
    await world.runs('plc:1');
    await world.update(template('plc:2'));
    await settles(() => expect(world.condition('k2d.io/UpdatePostponed')).toBeDefined());
    await world.update(template('plc:1'));
    await world.runs('plc:1');
    await settles(() => expect(world.condition('k2d.io/UpdatePostponed')).toBeUndefined());
  });
});
