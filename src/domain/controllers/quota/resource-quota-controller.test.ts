import { expect, it, vi } from 'vitest';
import type { ResourceList } from '../../meta/types.ts';
import { catalog } from '../../resources/catalog.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { configMaps } from '../../resources/config-map.ts';
import { pods } from '../../resources/pod.ts';
import { resourceQuotas } from '../../resources/resource-quota.ts';
import { startResourceQuotaController } from './resource-quota-controller.ts';
import { quiet, testCluster } from '../test-cluster.ts';

const key = { namespace: 'plant', name: 'q' };

async function withQuota(hard: ResourceList) {
  const cluster = await testCluster();
  void startResourceQuotaController({ ...cluster, catalog: new ResourceCatalog(catalog) });
  await cluster.registry.create(resourceQuotas, { metadata: key, spec: { hard } });
  await quiet(cluster);
  const status = () => cluster.registry.get(resourceQuotas, key).status;
  return { ...cluster, status };
}

it('shows what is used, and nothing of what cannot be', async () => {
  const cluster = await withQuota({ configmaps: '3', pods: '5', 'requests.cpu': '1', 'count/widgets.acme.io': '1' });
  expect(cluster.status()).toEqual({
    hard: { configmaps: '3', pods: '5', 'requests.cpu': '1', 'count/widgets.acme.io': '1' },
    used: { configmaps: '0', pods: '0', 'requests.cpu': '0' },
  });
});

it('follows what comes, ends and goes', async () => {
  const cluster = await withQuota({ configmaps: '3', pods: '5', 'requests.cpu': '1' });
  const pod = { namespace: 'plant', name: 'p' };
  await cluster.registry.create(configMaps, { metadata: { namespace: 'plant', name: 'a' } });
  await cluster.registry.create(configMaps, { metadata: { namespace: 'elsewhere', name: 'a' } });
  await cluster.registry.create(pods, {
    metadata: pod,
    spec: { containers: [{ name: 'a', image: 'i', resources: { requests: { cpu: '200m' } } }] },
  });
  await quiet(cluster);
  expect(cluster.status()?.used).toEqual({ configmaps: '1', pods: '1', 'requests.cpu': '200m' });
  await cluster.registry.update(pods, pod, (p) => ({ ...p, status: { phase: 'Succeeded' } }), {
    subresource: 'status',
  });
  await cluster.registry.delete(configMaps, { namespace: 'plant', name: 'a' });
  await quiet(cluster);
  expect(cluster.status()?.used).toEqual({ configmaps: '0', pods: '0', 'requests.cpu': '0' });
});

it('counts a pod no more that ought to be gone, though nothing happens then', { timeout: 30_000 }, async () => {
  const cluster = await withQuota({ pods: '5', 'count/pods': '5', 'requests.cpu': '1' });
  const pod = { namespace: 'plant', name: 'p' };
  await cluster.registry.create(pods, {
    metadata: pod,
    spec: { containers: [{ name: 'a', image: 'i', resources: { requests: { cpu: '200m' } } }] },
  });
  await cluster.registry.delete(pods, pod, { gracePeriodSeconds: 1 });
  await quiet(cluster);
  expect(cluster.status()?.used).toEqual({ pods: '1', 'count/pods': '1', 'requests.cpu': '200m' });
  cluster.pass(2001);
  await vi.waitFor(
    () => expect(cluster.status()?.used).toEqual({ pods: '0', 'count/pods': '1', 'requests.cpu': '0' }),
    { timeout: 20_000 },
  );
});

it('follows a changed quota and writes nothing when nothing has changed', async () => {
  const cluster = await withQuota({ pods: '5' });
  await cluster.registry.update(resourceQuotas, key, (quota) => ({ ...quota, spec: { hard: { configmaps: '1' } } }));
  await quiet(cluster);
  expect(cluster.status()).toEqual({ hard: { configmaps: '1' }, used: { configmaps: '0' } });
  const before = cluster.registry.resourceVersion;
  await cluster.registry.create(pods, {
    metadata: { namespace: 'plant', name: 'p' },
    spec: { containers: [{ name: 'a', image: 'i' }] },
  });
  await quiet(cluster);
  expect(cluster.registry.resourceVersion).toBe(before + 1);
});
