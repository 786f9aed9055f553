import { expect, it, vi } from 'vitest';
import type { Node, PodSpec } from '../../meta/types.ts';
import { foreignAnnotation } from '../../resources/foreign-pod.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { startTaintEvictionController } from './taint-eviction-controller.ts';
import { timeUntilEviction } from './taint-eviction-plan.ts';
import { quiet, settles, testCluster } from '../test-cluster.ts';

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

it('drives away what does not tolerate the taint, and nothing that somebody else made', async () => {
  const cluster = await testCluster();
  const { registry } = cluster;
  const nodeKey = { namespace: '', name: 'plc-1' };
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
  await registry.update(nodes, nodeKey, (node: Node) => ({ ...node, spec: { taints: [taint] } }));
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
