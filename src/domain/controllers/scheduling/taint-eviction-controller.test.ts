import { expect, it, vi } from 'vitest';
import type { Node, Pod, PodSpec } from '../../meta/types.ts';
import type { EventRecorder } from '../../registry/event-recorder.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { startTaintEvictionController } from './taint-eviction-controller.ts';
import { timeUntilEviction } from './taint-eviction-plan.ts';
import { quiet, settles, testCluster, type TestCluster } from '../test-cluster.ts';

const taint = { key: 'plc', value: 'broken', effect: 'NoExecute' };
const tolerating = (seconds?: number): Partial<PodSpec> => ({
  tolerations: [
    {
      key: 'plc',
      operator: 'Exists',
      effect: 'NoExecute',
      ...(seconds === undefined ? {} : { tolerationSeconds: seconds }),
    },
  ],
});

it.each([
  ['nothing', {}, 0],
  ['it', tolerating(), undefined],
  ['it for a while', tolerating(30), 30_000],
])('a pod that tolerates %s', (_what, spec, time) =>
  expect(timeUntilEviction({ spec: { containers: [], ...spec } }, [taint])).toBe(time),
);

const nodeKey = { namespace: '', name: 'plc-1' };
const podKey = { namespace: 'default', name: 'p' };
const podWith = (spec: Partial<PodSpec>): Pod => ({
  metadata: podKey,
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const taintNode = ({ registry }: TestCluster, ...taints: object[]) =>
  registry.update(nodes, nodeKey, (node: Node) => ({ ...node, spec: { taints } }) as Node);

it('neither marks nor ends a pod that took the name of the one that has to go', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  await registry.create(nodes, { metadata: nodeKey });
  await registry.create(pods, podWith({}));
  let replaced: Promise<unknown> | undefined;
  const recorder: EventRecorder = {
    event: () => {
      const gone = registry.delete(pods, podKey, { gracePeriodSeconds: 0 });
      replaced ??= Promise.all([gone, registry.create(pods, podWith(tolerating()))]);
    },
  };
  void startTaintEvictionController({ ...cluster, recorder, nodeName: 'plc-1' });
  await quiet(cluster);
  await taintNode(cluster, taint);
  await vi.waitFor(() => expect(replaced).toBeDefined());
  await replaced;
  await quiet(cluster);
  const { metadata, status } = registry.get(pods, podKey);
  expect(metadata?.deletionTimestamp).toBeUndefined();
  expect(status?.conditions ?? []).toEqual([]);
});

it('bears with a pod for all of its time, also where another had its name before', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  const touch = (value: string) => ({ key: 'touched', value, effect: 'NoSchedule' });
  await registry.create(nodes, { metadata: nodeKey });
  await registry.create(pods, podWith(tolerating(60)));
  void startTaintEvictionController({ ...cluster, nodeName: 'plc-1' });
  await taintNode(cluster, taint);
  await quiet(cluster);
  cluster.pass(50_000);
  await Promise.all([
    registry.delete(pods, podKey, { gracePeriodSeconds: 0 }),
    registry.create(pods, podWith(tolerating(60))),
  ]);
  await quiet(cluster);
  cluster.pass(20_000);
  await taintNode(cluster, taint, touch('once'));
  await quiet(cluster);
  expect(registry.get(pods, podKey).metadata?.deletionTimestamp).toBeUndefined();
  cluster.pass(70_000);
  await taintNode(cluster, taint, touch('twice'));
  await vi.waitFor(() => expect(registry.get(pods, podKey).metadata?.deletionTimestamp).toBeDefined());
});

it('drives away what does not tolerate the taint, and nothing that somebody else made', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  await registry.create(nodes, { metadata: nodeKey });
  const add = (name: string, spec: Partial<PodSpec>, annotations = {}) =>
    registry.create(pods, {
      metadata: { namespace: 'default', name, annotations },
      spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    });
  await add('plain', {});
  await add('patient', tolerating());
  await add('waiting', tolerating(60));
  await add('foreign', {}, { [foreignAnnotation]: 'abc' });
  void startTaintEvictionController({ ...cluster, nodeName: 'plc-1' });
  await quiet(cluster);
  await taintNode(cluster, taint);
  const find = (name: string) => registry.get(pods, { namespace: 'default', name });
  await vi.waitFor(() => expect(find('plain').metadata?.deletionTimestamp).toBeDefined());
  await quiet(cluster);
  expect(find('plain').status?.conditions).toMatchObject([
    { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' },
  ]);
  for (const name of ['patient', 'waiting', 'foreign']) expect(find(name).metadata?.deletionTimestamp).toBeUndefined();
  await registry.update(nodes, nodeKey, (node: Node) => ({ ...node, spec: {} }));
  await settles(() =>
    expect(cluster.messages('TaintManagerEviction', 'waiting')).toEqual(['Cancelling deletion of Pod default/waiting']),
  );
  expect(cluster.messages('TaintManagerEviction', 'plain')).toEqual(['Marking for deletion Pod default/plain']);
  expect(cluster.messages('TaintManagerEviction', 'patient')).toEqual([]);
});
