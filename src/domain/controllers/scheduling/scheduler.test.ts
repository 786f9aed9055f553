import { expect, it, onTestFinished, vi } from 'vitest';
import type { Node, Pod, PodSpec } from '../../meta/types.ts';
import { eventRecorder } from '../../registry/event-recorder.ts';
import { openTestRegistry, silentLogger } from '../../registry/registry-fixture.ts';
import { events } from '../../resources/event.ts';
import { nodes } from '../../resources/node.ts';
import { pods } from '../../resources/pod.ts';
import { startScheduler } from './scheduler.ts';

const clock = { now: () => new Date('2026-03-01T10:00:00Z') };
const key = { namespace: 'default', name: 'web' };
const nodeKey = { namespace: '', name: 'plc-1' };

async function cluster(spec: Partial<PodSpec>, node: Node['spec'] = {}) {
  const registry = await openTestRegistry({ clock });
  const stop = new AbortController();
  const recorder = eventRecorder(registry, { component: 'scheduler', clock, logger: silentLogger });
  await registry.create(nodes, { metadata: { name: 'plc-1', labels: { line: '4' } }, spec: node });
  await registry.create(pods, { metadata: key, spec: { containers: [{ name: 'a', image: 'i' }], ...spec } });
  const ended = startScheduler({
    registry,
    nodeName: 'plc-1',
    recorder,
    clock,
    logger: silentLogger,
    signal: stop.signal,
  });
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  return registry;
}

const nodeOf = (pod: Pod): string | undefined => pod.spec?.nodeName;
const because = (pod: Pod): string | undefined => pod.status?.conditions?.[0]?.message;

it('gives a pod that fits its node', async () => {
  const registry = await cluster({ nodeSelector: { line: '4' } });
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, key))).toBe('plc-1'));
  await vi.waitFor(() =>
    expect(registry.all(events)).toMatchObject([
      { reason: 'Scheduled', message: 'Successfully assigned default/web to plc-1' },
    ]),
  );
});

it('takes what waits when the node is uncordoned', async () => {
  const registry = await cluster({}, { unschedulable: true });
  await vi.waitFor(() =>
    expect(because(registry.get(pods, key))).toBe('0/1 nodes are available: 1 node(s) were unschedulable.'),
  );
  expect(registry.get(pods, key)).toMatchObject({
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  });
  await registry.update(nodes, nodeKey, (node) => ({ ...node, spec: {} }));
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, key))).toBe('plc-1'));
});

it('takes what waits when the node gets the label', async () => {
  const registry = await cluster({ nodeSelector: { line: '5' } });
  await vi.waitFor(() => expect(because(registry.get(pods, key))).toContain('node affinity/selector'));
  await registry.update(nodes, nodeKey, (node) => ({ ...node, metadata: { ...node.metadata, labels: { line: '5' } } }));
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, key))).toBe('plc-1'));
});

it('writes a reason once', async () => {
  const registry = await cluster({}, { unschedulable: true });
  await vi.waitFor(() => expect(registry.all(events)).toMatchObject([{ reason: 'FailedScheduling' }]));
  const { resourceVersion } = registry.get(pods, key).metadata!;
  await registry.update(nodes, nodeKey, (node) => ({ ...node, metadata: { ...node.metadata, labels: { new: 'x' } } }));
  await vi.waitFor(() => expect(registry.all(events)).toMatchObject([{ count: 2 }]));
  expect(registry.get(pods, key).metadata?.resourceVersion).toBe(resourceVersion);
});

const hungry = (memory: string): Partial<PodSpec> => ({
  containers: [{ name: 'a', image: 'i', resources: { requests: { memory } } }],
});

/** On the node beside the pod that waits. */
const holder = (spec: Partial<PodSpec>): Pod => ({
  metadata: { namespace: 'default', name: 'holder', labels: { app: 'broker' } },
  spec: { nodeName: 'plc-1', containers: [{ name: 'a', image: 'i' }], ...spec },
});

it('takes the most important of those that wait when room appears', async () => {
  const registry = await cluster({ ...hungry('700Mi'), priority: 1 }, { unschedulable: true });
  await registry.create(pods, holder(hungry('800Mi')));
  const urgent = { namespace: 'default', name: 'urgent' };
  await registry.create(pods, { metadata: urgent, spec: { ...hungry('700Mi'), priority: 9 } as PodSpec });
  await registry.update(
    nodes,
    nodeKey,
    (node) => ({ ...node, status: { allocatable: { memory: '1Gi', cpu: '1', pods: '9' } } }),
    { subresource: 'status' },
  );
  await registry.update(nodes, nodeKey, (node) => ({ ...node, spec: {} }));
  await vi.waitFor(() =>
    expect(because(registry.get(pods, urgent))).toBe('0/1 nodes are available: 1 Insufficient memory.'),
  );
  await registry.update(
    pods,
    { namespace: 'default', name: 'holder' },
    (pod) => ({ ...pod, status: { ...pod.status, phase: 'Succeeded' } }),
    { subresource: 'status' },
  );
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, urgent))).toBe('plc-1'));
  expect(nodeOf(registry.get(pods, key))).toBeUndefined();
});

it('takes what waits for company when it comes', async () => {
  const term = { topologyKey: 'line', labelSelector: { matchLabels: { app: 'broker' } } };
  const registry = await cluster({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  });
  await vi.waitFor(() => expect(because(registry.get(pods, key))).toContain("didn't match pod affinity rules"));
  await registry.create(pods, holder({}));
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, key))).toBe('plc-1'));
});

it('makes room for what is more important, and keeps it for that', async () => {
  const registry = await cluster({ ...hungry('700Mi'), priority: 9 } as PodSpec, { unschedulable: true });
  const allocatable = { memory: '1Gi', cpu: '1', pods: '9' };
  await registry.update(nodes, nodeKey, (node) => ({ ...node, status: { allocatable } }), { subresource: 'status' });
  await registry.create(pods, holder(hungry('800Mi')));
  await registry.update(nodes, nodeKey, (node) => ({ ...node, spec: {} }));
  const holderKey = { namespace: 'default', name: 'holder' };
  await vi.waitFor(() => expect(registry.get(pods, holderKey).metadata?.deletionTimestamp).toBeDefined());
  expect(registry.get(pods, holderKey).status?.conditions).toMatchObject([
    {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    },
  ]);
  expect(registry.get(pods, key).status).toMatchObject({ nominatedNodeName: 'plc-1' });
  const smaller = { namespace: 'default', name: 'smaller' };
  await registry.create(pods, { metadata: smaller, spec: hungry('500Mi') as PodSpec });
  await vi.waitFor(() => expect(because(registry.get(pods, smaller))).toContain('Insufficient memory'));
  await registry.delete(pods, holderKey, { gracePeriodSeconds: 0 });
  await vi.waitFor(() => expect(nodeOf(registry.get(pods, key))).toBe('plc-1'));
  await vi.waitFor(() => expect(registry.get(pods, key).status).not.toHaveProperty('nominatedNodeName'));
  expect(nodeOf(registry.get(pods, smaller))).toBeUndefined();
  const { uid } = registry.get(pods, key).metadata!;
  expect(registry.all(events).map(({ message }) => message)).toContain(`Preempted by pod ${uid} on node plc-1`);
});

it('promises the node again after k2d was started anew, while those that make room are still going', async () => {
  const registry = await cluster({ ...hungry('700Mi'), priority: 9 } as PodSpec, { unschedulable: true });
  const allocatable = { memory: '1Gi', cpu: '1', pods: '9' };
  await registry.update(nodes, nodeKey, (node) => ({ ...node, status: { allocatable } }), { subresource: 'status' });
  await registry.create(pods, holder(hungry('800Mi')));
  const holderKey = { namespace: 'default', name: 'holder' };
  await registry.delete(pods, holderKey, { gracePeriodSeconds: 30 });
  await registry.update(nodes, nodeKey, (node) => ({ ...node, spec: {} }));
  await vi.waitFor(() => expect(registry.get(pods, key).status).toMatchObject({ nominatedNodeName: 'plc-1' }));
});
