import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pod } from '../../domain/meta/types.ts';
import { metaOf } from '../../domain/meta/object-key.ts';
import { nodes } from '../../domain/resources/node.ts';
import type { NodeUsage } from '../../domain/resources/node-usage.ts';
import { atRest } from '../../domain/resources/pod-usage-fixture.ts';
import type { PodUsage } from '../../domain/resources/pod-usage.ts';
import { pods } from '../../domain/resources/pod.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

const group = '/apis/metrics.k8s.io/v1beta1';
const time = new Date('2026-01-02T03:04:05Z');
const used = { ...atRest, cpuNanoCores: 250_000_000, memoryBytes: 4096 };
const nodeUsage: NodeUsage = {
  ...used,
  time,
  windowMs: 1000,
  startedAt: time,
  memoryUsedBytes: 1,
  memoryTotalBytes: 1,
  mostProcesses: 1,
  disk: undefined,
};

let bed: ApiTestBed;
const usage = vi.fn<(asked: readonly Pod[]) => Promise<ReadonlyMap<string, PodUsage>>>();

beforeEach(async () => {
  usage.mockReset();
  // Of all but the pod that starts up.
  usage.mockImplementation(async (asked) => {
    const running = asked.filter((pod) => metaOf(pod).name !== 'starting');
    const of = { time, windowMs: 15_000, containers: { c: used } };
    return new Map(running.map((pod) => [metaOf(pod).uid ?? '', of]));
  });
  bed = await openApiTestBed({ kubelet: { usage, nodeUsage: async () => nodeUsage } });
  const spec = { containers: [{ name: 'c', image: 'i' }] };
  for (const name of ['plc', 'broker', 'starting']) {
    await bed.registry.create(pods, { metadata: { name, namespace: 'default', labels: { app: name } }, spec });
  }
  await bed.registry.create(nodes, { metadata: { name: 'device-1', labels: { zone: 'hall-2' } } });
});
afterEach(() => bed.close());

const names = (items: { metadata: { name: string } }[]) => items.map(({ metadata }) => metadata.name);

test('what pods use is listed, in one namespace and in all, by labels and by name', async () => {
  const { body } = await bed.send('GET', `${group}/namespaces/default/pods`);
  expect(body).toMatchObject({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1' });
  expect(names(body.items)).toEqual(['broker', 'plc']);
  expect(body.items[0].containers).toEqual([{ name: 'c', usage: { cpu: '250m', memory: '4Ki' } }]);
  expect(names((await bed.send('GET', `${group}/pods`)).body.items)).toEqual(['broker', 'plc']);
  expect((await bed.send('GET', `${group}/namespaces/other/pods`)).body.items).toEqual([]);
  for (const query of ['labelSelector=app%3Dplc', 'fieldSelector=metadata.name%3Dplc']) {
    expect(names((await bed.send('GET', `${group}/pods?${query}`)).body.items), query).toEqual(['plc']);
    expect(usage.mock.lastCall?.[0]).toHaveLength(1);
  }
});

test('one is read, and only one that has figures', async () => {
  const { body } = await bed.send('GET', `${group}/namespaces/default/pods/plc`);
  expect(body).toMatchObject({ kind: 'PodMetrics', metadata: { name: 'plc', labels: { app: 'plc' } }, window: '15s' });
  for (const name of ['starting', 'nobody']) {
    const { status, body: refusal } = await bed.send('GET', `${group}/namespaces/default/pods/${name}`);
    expect([status, refusal.message]).toEqual([404, `podmetrics.metrics.k8s.io "default/${name}" not found`]);
  }
});

test('the node', async () => {
  const { body } = await bed.send('GET', `${group}/nodes`);
  expect(body.items).toMatchObject([{ metadata: { name: 'device-1' }, usage: { cpu: '250m', memory: '4Ki' } }]);
  expect((await bed.send('GET', `${group}/nodes/device-1`)).body.metadata.labels).toEqual({ zone: 'hall-2' });
  expect((await bed.send('GET', `${group}/nodes?labelSelector=zone%3Dhall-1`)).body.items).toEqual([]);
});

test('as a table', async () => {
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  const { body } = await bed.send('GET', `${group}/namespaces/default/pods`, { headers });
  expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'cpu', 'memory', 'Window']);
  expect(body.rows[1].cells).toEqual(['plc', '250m', '4Ki', '15s']);
});

test('nothing else can be done, and discovery says so', async () => {
  for (const [method, path] of [
    ['DELETE', 'namespaces/default/pods/plc'],
    ['POST', 'namespaces/default/pods'],
    ['GET', 'pods?watch=1'],
    ['GET', 'watch/pods'],
  ] as const) {
    expect((await bed.send(method, `${group}/${path}`, { body: {} })).status, `${method} ${path}`).toBe(405);
  }
  const { body } = await bed.send('GET', group);
  expect(body.resources).toEqual([
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
  ]);
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  const { body: all } = await bed.send('GET', '/apis', { headers: { accept } });
  expect(names(all.items)).toContain('metrics.k8s.io');
});

test('an engine that does not answer is not available', async () => {
  usage.mockRejectedValue(new Error('no engine'));
  const { status, body } = await bed.send('GET', `${group}/pods`);
  expect([status, body.reason]).toEqual([503, 'ServiceUnavailable']);
});
