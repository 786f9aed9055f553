import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pod } from '../../domain/meta/types.ts';
import { nodes } from '../../domain/resources/node.ts';
import type { NodeUsage } from '../../domain/resources/node-usage.ts';
import { pods } from '../../domain/resources/pod.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

const time = new Date('2026-01-02T03:04:05Z');
const used = (times: number) => ({
  cpuNanoCores: 100_000_000 * times,
  cpuNanos: 3_000_000_000 * times,
  memoryBytes: 4096 * times,
  networkRxBytes: times === 1 ? 10 : 0,
  networkTxBytes: times === 1 ? 20 : 0,
  processes: times,
});
const disk = { totalBytes: 100, availableBytes: 40, totalInodes: 10, freeInodes: 4 };
const nodeUsage: NodeUsage = {
  ...used(5),
  time,
  windowMs: 1000,
  startedAt: time,
  memoryUsedBytes: 30_000,
  memoryTotalBytes: 100_000,
  mostProcesses: 99,
  disk,
};

let bed: ApiTestBed;
beforeEach(async () => {
  const containers = { web: used(1), agent: used(2) };
  const usage = async (asked: readonly Pod[]) =>
    new Map(asked.map((pod) => [pod.metadata?.uid ?? '', { time, windowMs: 1000, containers }]));
  bed = await openApiTestBed({ kubelet: { usage, nodeUsage: async () => nodeUsage } });
  const spec = { containers: [{ name: 'web', image: 'i' }] };
  await bed.registry.create(pods, { metadata: { name: 'p', namespace: 'default', uid: 'u' }, spec });
  await bed.registry.create(nodes, { metadata: { name: 'device-1' } });
});
afterEach(() => bed.close());

const ask = (path: string) => bed.send('GET', `/api/v1/nodes/device-1/proxy${path}`);

test('the summary tells of the node and of each container', async () => {
  const { body } = await ask('/stats/summary?only_cpu_and_memory=true');
  expect(body.node).toMatchObject({
    nodeName: 'device-1',
    cpu: { usageNanoCores: 500_000_000, usageCoreNanoSeconds: 15_000_000_000 },
    memory: { availableBytes: 79_520, usageBytes: 30_000, workingSetBytes: 20_480 },
    fs: { capacityBytes: 100, availableBytes: 40, usedBytes: 60, inodes: 10, inodesFree: 4, inodesUsed: 6 },
    rlimit: { maxpid: 99, curproc: 5 },
  });
  expect(body.pods).toMatchObject([
    {
      podRef: { name: 'p', namespace: 'default' },
      containers: [
        { name: 'web', cpu: { usageNanoCores: 100_000_000 }, memory: { workingSetBytes: 4096 } },
        { name: 'agent', cpu: { usageNanoCores: 200_000_000 }, memory: { workingSetBytes: 8192 } },
      ],
      cpu: { usageNanoCores: 300_000_000, usageCoreNanoSeconds: 9_000_000_000 },
      memory: { workingSetBytes: 12_288 },
      network: { rxBytes: 10, txBytes: 20 },
      process_stats: { process_count: 3 },
    },
  ]);
});

test('and so do the resource metrics, for Prometheus', async () => {
  const { text, headers } = await ask('/metrics/resource');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0.0.4/);
  for (const line of [
    'container_cpu_usage_seconds_total{container="agent",namespace="default",pod="p"} 6',
    'container_memory_working_set_bytes{container="web",namespace="default",pod="p"} 4096',
    'node_cpu_usage_seconds_total 15',
    'node_memory_working_set_bytes 20480',
    'pod_cpu_usage_seconds_total{namespace="default",pod="p"} 9',
    'resource_scrape_error 0',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});
