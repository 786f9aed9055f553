import { describe, expect, test } from 'vitest';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, KubernetesObject, Pod, PodTemplateSpec, StatefulSet } from '../../meta/types.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { statefulSets } from '../../resources/stateful-set.ts';
import { startDaemonSetController } from '../daemonset/daemonset-controller.ts';
import { startFakeKubelet } from '../fake-kubelet.ts';
import { isPodReady } from '../pod-lifecycle.ts';
import { startStatefulSetController } from '../statefulset/statefulset-controller.ts';
import { imageOf, quiet, settles, testCluster } from '../test-cluster.ts';
import { tellUpdateAllowed } from './update-allowed-fixture.ts';

// What only k2d does to StatefulSets and DaemonSets; Deployments have tests of their own.

const key = { namespace: 'default', name: 'line' };
type Workload = StatefulSet | DaemonSet;
type Spec = { template: PodTemplateSpec };

const template = (image: string, annotations: Record<string, string> = {}): PodTemplateSpec => ({
  metadata: { labels: { app: 'line' }, annotations },
  spec: { containers: [{ name: 'plc', image }] },
});

const line = (annotations: Record<string, string>, spec: object = {}): Workload =>
  ({
    metadata: { ...key, annotations },
    spec: { serviceName: 'line', selector: { matchLabels: { app: 'line' } }, template: template('plc:1'), ...spec },
  }) as Workload;

async function setUp(definition: ResourceDefinition<Workload>, spec: { replicas?: number }) {
  const count = spec.replicas ?? 1;
  const cluster = await testCluster();
  const { registry } = cluster;
  const pulled: (string | undefined)[] = [];
  const images = { areThere: true };
  const pullAhead = async (_owner: KubernetesObject, next: PodTemplateSpec) => {
    pulled.push(imageOf({ spec: next.spec! }));
    return images.areThere ? ('present' as const) : { retryMs: 5 };
  };
  await registry.create(nodes, { metadata: { name: 'plc-1' } });
  void startStatefulSetController({ ...cluster, pullAhead });
  void startDaemonSetController({ ...cluster, pullAhead, nodeName: 'plc-1' });
  void startFakeKubelet({ ...cluster, outcome: () => 'ready' });
  const get = () => registry.get(definition, key);
  const all = () => registry.all(pods, 'default');
  const running = () => all().map(imageOf);
  const postponed = () => get().status?.conditions?.find(({ type }) => type === 'k2d.io/UpdatePostponed');
  const change = (next: object) =>
    registry.update(definition, key, (current) => ({ ...current, spec: { ...current.spec, ...next } }) as Workload);
  const annotate = (annotations: Record<string, string>) =>
    registry.update(definition, key, (current) => ({ ...current, metadata: { ...metaOf(current), annotations } }));
  const says = (pod: Pod, status: 'True' | 'False', message: string) =>
    tellUpdateAllowed(registry, pod, status, message);
  const create = async (annotations: Record<string, string>, own: object = {}) => {
    await registry.create(definition, line(annotations, { ...spec, ...own }));
    await runs('plc:1');
  };
  const runs = (image: string) =>
    settles(() => {
      expect(running()).toEqual(Array.from({ length: count }, () => image));
      expect(all().every(isPodReady)).toBe(true);
      expect(get().status?.observedGeneration).toBe(metaOf(get()).generation);
      expect(postponed()).toBeUndefined();
    });
  return { ...cluster, pulled, images: images, get, all, running, postponed, change, annotate, says, create, runs };
}

const window = (value: string) => ({ 'k2d.io/update-window': value });
const locked = (image: string): Spec => ({ template: template(image, { 'k2d.io/update-lock': '/run/update.lock' }) });

const kinds = [
  { kind: 'StatefulSet', definition: statefulSets, spec: { replicas: 2 } },
  { kind: 'DaemonSet', definition: daemonSets, spec: {} },
] as unknown as { kind: string; definition: ResourceDefinition<Workload>; spec: { replicas?: number } }[];

describe.each(kinds)('an update of a $kind', ({ kind, definition, spec }) => {
  test('blocked, it stops nothing and tells why; open, it goes on', async () => {
    const world = await setUp(definition, spec);
    await world.create(window('blocked'));
    const before = world.all().map(({ metadata }) => metadata?.uid);
    await world.change({ template: template('plc:2') });
    await settles(() =>
      expect(world.postponed()).toMatchObject({
        status: 'True',
        reason: 'UpdateWindowBlocked',
        message: `The annotation k2d.io/update-window of the ${kind} postpones updates.`,
      }),
    );
    await quiet(world);
    expect(world.all().map(({ metadata }) => metadata?.uid)).toEqual(before);
    expect(new Set(world.pulled)).toEqual(new Set(['plc:2']));
    await world.annotate(window('open'));
    await world.runs('plc:2');
  });

  test('one pod that holds its lock is enough; what is not known counts as held', async () => {
    const world = await setUp(definition, spec);
    await world.create({}, locked('plc:1'));
    const before = world.all();
    await world.change(locked('plc:2'));
    await settles(() => expect(world.postponed()?.message).toContain('not known'));
    for (const pod of before.slice(1)) await world.says(pod, 'True', 'its lock file is not there');
    await world.says(before[0]!, 'False', 'its lock file is there');
    const { name } = metaOf(before[0]!);
    await settles(() =>
      expect(world.postponed()).toMatchObject({
        reason: 'UpdateLockHeld',
        message: `Pod "${name}" postpones updates: its lock file is there.`,
      }),
    );
    await quiet(world);
    expect(new Set(world.running())).toEqual(new Set(['plc:1']));
    for (const pod of before) await world.says(pod, 'True', 'its lock file is not there');
    await settles(() => expect(world.running()).toContain('plc:2'));
  });

  test('no pod stops before the images of what follows it are there', async () => {
    const world = await setUp(definition, spec);
    await world.create({});
    world.images.areThere = false;
    await world.change({ template: template('plc:2') });
    await settles(() => expect(world.pulled.length).toBeGreaterThan(1));
    expect(new Set(world.running())).toEqual(new Set(['plc:1']));
    world.images.areThere = true;
    await world.runs('plc:2');
  });

  test('what is replaced by hand needs no permission', async () => {
    const world = await setUp(definition, spec);
    await world.create(window('blocked'), { updateStrategy: { type: 'OnDelete' } });
    await world.change({ template: template('plc:2') });
    await settles(() => expect(world.get().status?.observedGeneration).toBe(metaOf(world.get()).generation));
    expect(world.postponed()).toBeUndefined();
    expect(world.pulled).toEqual([]);
    for (const pod of world.all()) await world.registry.delete(pods, keyOf(pod));
    await world.runs('plc:2');
  });
});

test('a member that goes while the update waits comes back as it was', async () => {
  const { definition, spec } = kinds[0]!;
  const world = await setUp(definition, spec);
  await world.create(window('blocked'));
  await world.change({ template: template('plc:2') });
  await settles(() => expect(world.postponed()).toBeDefined());
  const member = { namespace: 'default', name: 'line-1' };
  const { uid } = metaOf(world.registry.get(pods, member));
  await world.registry.delete(pods, member);
  await settles(() => expect(world.all().map((pod) => metaOf(pod).uid)).not.toContain(uid));
  await settles(() => expect(world.registry.find(pods, member)).toBeDefined());
  expect(world.running()).toEqual(['plc:1', 'plc:1']);
});

test('a DaemonSet that surges makes no pod of the new version either', async () => {
  const { definition } = kinds[1]!;
  const world = await setUp(definition, {});
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
  await world.create(window('blocked'), { updateStrategy: { type: 'RollingUpdate', rollingUpdate } });
  await world.change({ template: template('plc:2') });
  await settles(() => expect(world.postponed()).toBeDefined());
  await quiet(world);
  expect(world.running()).toEqual(['plc:1']);
  await world.annotate({});
  await world.runs('plc:2');
});
