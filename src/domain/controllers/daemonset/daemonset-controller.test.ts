import { describe, expect, test } from 'vitest';
import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Node } from '../../meta/types.ts';
import { controllerRevisions } from '../../resources/controller-revision.ts';
import { daemonSets } from '../../resources/daemon-set.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { startFakeKubelet, type FakeKubeletBehaviour } from '../fake-kubelet.ts';
import { imageOf, namesOf, quiet, revisionNumbers, settles, testCluster } from '../test-cluster.ts';
import { startDaemonSetController } from './daemonset-controller.ts';

const key = { namespace: 'default', name: 'agent' };
const nodeKey = { namespace: '', name: 'plc-1' };

type Spec = NonNullable<DaemonSet['spec']>;

const template = (image: string, spec: object = {}): Spec['template'] => ({
  metadata: { labels: { app: 'agent' } },
  spec: { containers: [{ name: 'agent', image }], ...spec },
});

const daemonSet = (spec: Partial<Spec> = {}): DaemonSet => ({
  metadata: { name: 'agent', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent:1'), ...spec },
});

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

async function setUp(options: FakeKubeletBehaviour = {}) {
  const cluster = await testCluster();
  const { registry } = cluster;
  await registry.create(nodes, { metadata: { name: 'plc-1', labels: { zone: 'hall-1' } } });
  let most = 0;
  registry.subscribe(pods, () => (most = Math.max(most, all().length)));
  void startDaemonSetController({ ...cluster, nodeName: 'plc-1' });
  void startFakeKubelet({ ...options, ...cluster });
  const get = () => registry.get(daemonSets, key);
  const all = () => registry.all(pods, 'default');
  const images = () =>
    all()
      .map((pod) => imageOf(pod) ?? '')
      .toSorted(byText);
  const revisions = () => revisionNumbers(registry);
  const change = (spec: Partial<Spec>) =>
    registry.update(daemonSets, key, (current) => ({ ...current, spec: { ...current.spec!, ...spec } }));
  const changeNode = (change: (node: Node) => Node) => registry.update(nodes, nodeKey, change);
  return { ...cluster, get, all, images, revisions, change, changeNode, most: () => most };
}

type Cluster = Awaited<ReturnType<typeof setUp>>;

const complete = ({ get }: Cluster) =>
  settles(() =>
    expect(get().status).toEqual({
      observedGeneration: metaOf(get()).generation,
      desiredNumberScheduled: 1,
      currentNumberScheduled: 1,
      numberMisscheduled: 0,
      numberReady: 1,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
      numberUnavailable: 0,
      collisionCount: 0,
    }),
  );

describe('a DaemonSet', () => {
  test('has one pod on the node, which ailments of the node do not drive away', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    const [revision] = cluster.registry.all(controllerRevisions, 'default');
    const hash = metaOf(revision!).labels?.['controller-revision-hash'];
    expect(metaOf(revision!).name).toBe(`agent-${hash}`);
    expect(cluster.all()).toMatchObject([
      {
        metadata: {
          name: expect.stringMatching(/^agent-\w{5}$/) as string,
          labels: { app: 'agent', 'controller-revision-hash': hash },
          ownerReferences: [{ kind: 'DaemonSet', name: 'agent', controller: true }],
        },
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['plc-1'] }] }],
              },
            },
          },
        },
      },
    ]);
    const tolerated = cluster.all()[0]!.spec?.tolerations?.map((each) => `${each.key?.slice(19)} ${each.effect}`);
    expect(tolerated).toEqual([
      'not-ready NoExecute',
      'unreachable NoExecute',
      'disk-pressure NoSchedule',
      'memory-pressure NoSchedule',
      'pid-pressure NoSchedule',
      'unschedulable NoSchedule',
    ]);
    await settles(() =>
      expect(cluster.messages('SuccessfulCreate', 'agent')).toEqual([`Created pod: ${namesOf(cluster.all())[0]}`]),
    );
  });

  test('runs on a cordoned node, and comes back when its pod is deleted', async () => {
    const cluster = await setUp();
    await cluster.changeNode((node) => ({ ...node, spec: { ...node.spec, unschedulable: true } }));
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    const [name] = namesOf(cluster.all());
    await cluster.registry.delete(pods, { namespace: 'default', name: name! });
    await settles(() => expect(namesOf(cluster.all())).not.toContain(name));
    await complete(cluster);
    expect(cluster.most()).toBe(1);
  });

  test('follows the labels of the node', async () => {
    const cluster = await setUp();
    await cluster.registry.create(
      daemonSets,
      daemonSet({ template: template('agent:1', { nodeSelector: { zone: 'hall-2' } }) }),
    );
    await settles(() =>
      expect(cluster.get().status).toMatchObject({ observedGeneration: 1, desiredNumberScheduled: 0 }),
    );
    expect(cluster.all()).toEqual([]);
    const zone = (name: string) =>
      cluster.changeNode((node) => ({ ...node, metadata: { ...node.metadata, labels: { zone: name } } }));
    await zone('hall-2');
    await complete(cluster);
    await zone('hall-3');
    await settles(() => expect(cluster.all()).toEqual([]));
    await settles(() =>
      expect(cluster.get().status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 0 }),
    );
  });

  test('stays away from taints that it does not tolerate; a pod that is there goes only by NoExecute', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    const taint = (effect: string) =>
      cluster.changeNode((node) => ({ ...node, spec: { ...node.spec, taints: [{ key: 'kiln', effect }] } }));
    await taint('NoSchedule');
    await settles(() =>
      expect(cluster.get().status).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 }),
    );
    expect(cluster.all()).toHaveLength(1);
    await taint('NoExecute');
    await settles(() => expect(cluster.all()).toEqual([]));
  });

  test('replaces a pod that has failed, each time after a longer wait', async () => {
    let fails = true;
    const cluster = await setUp({ outcome: () => (fails ? 'failed' : 'ready') });
    await cluster.registry.create(daemonSets, daemonSet());
    await settles(() => expect(cluster.messages('FailedDaemonPod', 'agent')).toHaveLength(1));
    await quiet(cluster);
    const [failed] = namesOf(cluster.all());
    expect(cluster.all()).toMatchObject([{ status: { phase: 'Failed' } }]);
    await quiet(cluster);
    expect(namesOf(cluster.all())).toEqual([failed]);
    fails = false;
    cluster.pass(1000);
    await complete(cluster);
    expect(namesOf(cluster.all())).not.toContain(failed);
  });

  test('that is being deleted is left to the garbage collector', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    await cluster.registry.delete(daemonSets, key, { propagationPolicy: 'Foreground' });
    await cluster.registry.delete(pods, { namespace: 'default', name: namesOf(cluster.all())[0]! });
    await quiet(cluster);
    expect(cluster.all()).toEqual([]);
  });

  test('adopts pods that match and replaces what is not of its version', async () => {
    const cluster = await setUp();
    await cluster.registry.create(pods, {
      metadata: { name: 'orphan', namespace: 'default', labels: { app: 'agent' } },
      spec: { containers: [{ name: 'agent', image: 'agent:0' }] },
    });
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    await settles(() => expect(cluster.images()).toEqual(['agent:1']));
    expect(cluster.most()).toBe(1);
  });
});

describe('a new version of a DaemonSet', () => {
  test('takes the place of the old pod when that is gone, and can be undone', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet());
    await complete(cluster);
    await cluster.change({ template: template('agent:2') });
    await settles(() => expect(cluster.images()).toEqual(['agent:2']));
    await complete(cluster);
    await cluster.change({ template: template('agent:1') });
    await settles(() => expect(cluster.images()).toEqual(['agent:1']));
    await complete(cluster);
    expect(cluster.most()).toBe(1);
    expect(cluster.revisions()).toEqual([2, 3]);
  });

  test('comes first where it may surge, and the old pod goes when it is available', async () => {
    let ready = false;
    const cluster = await setUp({ outcome: (pod) => (imageOf(pod) === 'agent:1' || ready ? 'ready' : 'running') });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    await cluster.registry.create(daemonSets, daemonSet({ updateStrategy }));
    await complete(cluster);
    await cluster.change({ template: template('agent:2') });
    await settles(() => expect(cluster.images()).toEqual(['agent:1', 'agent:2']));
    await quiet(cluster);
    expect(cluster.get().status).toMatchObject({ numberAvailable: 1, updatedNumberScheduled: 0 });
    expect(cluster.images()).toEqual(['agent:1', 'agent:2']);
    ready = true;
    const waiting = cluster.all().find((pod) => imageOf(pod) === 'agent:2')!;
    await cluster.registry.update(pods, { namespace: 'default', name: metaOf(waiting).name! }, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, annotations: { look: 'again' } },
    }));
    await settles(() => expect(cluster.images()).toEqual(['agent:2']));
    await complete(cluster);
    expect(cluster.most()).toBe(2);
  });

  test('waits for whoever deletes the pod where the strategy is OnDelete', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet({ updateStrategy: { type: 'OnDelete' } }));
    await complete(cluster);
    await cluster.change({ template: template('agent:2') });
    await settles(() =>
      expect(cluster.get().status).toMatchObject({ observedGeneration: 2, updatedNumberScheduled: 0 }),
    );
    expect(cluster.images()).toEqual(['agent:1']);
    await cluster.registry.delete(pods, { namespace: 'default', name: namesOf(cluster.all())[0]! });
    await settles(() => expect(cluster.images()).toEqual(['agent:2']));
  });

  test('leaves so many older ones as the limit says', async () => {
    const cluster = await setUp();
    await cluster.registry.create(daemonSets, daemonSet({ revisionHistoryLimit: 1 }));
    await complete(cluster);
    for (const version of [2, 3, 4]) {
      await cluster.change({ template: template(`agent:${version}`) });
      await settles(() => expect(cluster.images()).toEqual([`agent:${version}`]));
      await complete(cluster);
    }
    await settles(() => expect(cluster.revisions()).toEqual([3, 4]));
  });
});
