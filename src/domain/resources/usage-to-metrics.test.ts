import { expect, test } from 'vitest';
import { nodeMetrics } from './node-metrics.ts';
import { podMetrics } from './pod-metrics.ts';
import { atRest } from './pod-usage-fixture.ts';
import { nodeMetricsOf, podMetricsOf } from './usage-to-metrics.ts';

const time = new Date('2026-01-02T03:04:05.678Z');
const used = (cpuNanoCores: number, memoryBytes: number) => ({ ...atRest, cpuNanoCores, memoryBytes });
const pod = { metadata: { name: 'p', namespace: 'n', labels: { app: 'p' }, uid: 'u' } };

test('a pod in the order of its containers, with its labels', () => {
  const containers = { web: used(499_999_999.7, 3_145_728), agent: used(1234.4, 1000) };
  const metrics = podMetricsOf(pod, { time, windowMs: 15_250, containers });
  expect(metrics).toEqual({
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name: 'p', namespace: 'n', labels: { app: 'p' }, creationTimestamp: '2026-01-02T03:04:05Z' },
    timestamp: '2026-01-02T03:04:05Z',
    window: '15.25s',
    containers: [
      { name: 'agent', usage: { cpu: '1234n', memory: '1k' } },
      { name: 'web', usage: { cpu: '500m', memory: '3Mi' } },
    ],
  });
  expect(podMetrics.columns.map(({ name }) => name)).toEqual(['Name', 'cpu', 'memory', 'Window']);
  expect(podMetrics.columns.map((column) => column.cell(metrics, time))).toEqual([
    'p',
    '500001234n',
    '3146728',
    '15.25s',
  ]);
});

test('the node', () => {
  const usage = {
    ...used(2_000_000, 4096),
    time,
    windowMs: 1000,
    startedAt: time,
    memoryUsedBytes: 1,
    memoryTotalBytes: 1,
    mostProcesses: 1,
    disk: undefined,
  };
  const metrics = nodeMetricsOf({ metadata: { name: 'device-1' } }, usage);
  expect(nodeMetrics.columns.map((column) => column.cell(metrics, time))).toEqual(['device-1', '2m', '4Ki', '1s']);
});
