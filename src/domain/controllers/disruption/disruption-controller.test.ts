import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Pod, PodDisruptionBudget } from '../../meta/types.ts';
import { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { catalog } from '../../resources/catalog.ts';
import { disrupted } from '../../resources/disruption.ts';
import { podDisruptionBudgets } from '../../resources/pod-disruption-budget.ts';
import { pods } from '../../resources/pod.ts';
import { replicaSets } from '../../resources/replica-set.ts';
import { startDisruptionController } from './disruption-controller.ts';
import { disruptionPlan } from './disruption-plan.ts';
import { testCluster, type TestCluster } from '../test-cluster.ts';

const labels = { app: 'web' };
const now = new Date('2026-03-01T10:00:00Z');
const key = { namespace: 'default', name: 'web' };

const pod = (name: string, ready = true, more: object = {}): Pod => ({
  metadata: { namespace: 'default', name, labels, ...more },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

const budget = (spec: PodDisruptionBudget['spec'], status: object = {}): PodDisruptionBudget => ({
  metadata: { ...key, generation: 3 },
  spec: { selector: { matchLabels: labels }, ...spec },
  status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...status },
});

describe('disruptionPlan', () => {
  const three = [pod('a'), pod('b'), pod('c', false)];
  it.each([
    [{ minAvailable: 1 }, { expectedPods: 3, desiredHealthy: 1, disruptionsAllowed: 1 }],
    [{ minAvailable: 2 }, { expectedPods: 3, desiredHealthy: 2, disruptionsAllowed: 0 }],
    [{ minAvailable: '50%' }, { expectedPods: 4, desiredHealthy: 2, disruptionsAllowed: 0 }],
    [{ minAvailable: '10%' }, { expectedPods: 4, desiredHealthy: 1, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 3 }, { expectedPods: 4, desiredHealthy: 1, disruptionsAllowed: 1 }],
    [{ maxUnavailable: '30%' }, { expectedPods: 4, desiredHealthy: 2, disruptionsAllowed: 0 }],
    [{}, { expectedPods: 3, desiredHealthy: 0, disruptionsAllowed: 2 }],
  ])('of %j', (spec, status) => {
    const plan = disruptionPlan(budget(spec), { pods: three, scale: () => 4, now });
    expect(plan.status).toMatchObject({
      ...status,
      currentHealthy: 2,
      observedGeneration: 3,
      conditions: [{ type: 'DisruptionAllowed', status: status.disruptionsAllowed > 0 ? 'True' : 'False' }],
    });
  });

  it('remembers evictions for as long as it takes to see them', () => {
    const before = budget({ minAvailable: 0 }, disrupted(budget({}, { disruptionsAllowed: 2 }).status!, 'a', now));
    const soon = disruptionPlan(before, { pods: three, scale: () => 0, now });
    expect(soon.status).toMatchObject({ currentHealthy: 1, disruptedPods: { a: '2026-03-01T10:00:00Z' } });
    expect(soon.recheckAt).toBe(now.getTime() + 120_000);
    const later = disruptionPlan(before, { pods: three, scale: () => 0, now: new Date(soon.recheckAt!) });
    expect(later.status.currentHealthy).toBe(2);
    expect(later.status).not.toHaveProperty('disruptedPods');
  });
});

describe('the controller', () => {
  let cluster: TestCluster;
  const status = () => cluster.registry.get(podDisruptionBudgets, key).status;
  beforeEach(async () => {
    cluster = await testCluster();
    void startDisruptionController({ ...cluster, catalog: new ResourceCatalog(catalog) });
  });

  it('follows pods and what their controllers want', async () => {
    const { registry } = cluster;
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const owner = await registry.create(replicaSets, {
      metadata: key,
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
    await registry.create(podDisruptionBudgets, budget({ maxUnavailable: 1 }));
    await vi.waitFor(() => expect(status()).toMatchObject({ observedGeneration: 1, disruptionsAllowed: 0 }));
    expect(cluster.messages('NoPods')).toEqual(['No matching pods found']);
    const reference = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'web',
      uid: owner.metadata!.uid!,
      controller: true,
    };
    for (const name of ['a', 'b']) {
      const own = pod(name, true, { ownerReferences: [reference] });
      const { metadata } = await registry.create(pods, own);
      const runs = { ...own, metadata: metadata! };
      await registry.update(pods, { namespace: 'default', name }, () => runs, { subresource: 'status' });
    }
    await vi.waitFor(() =>
      expect(status()).toMatchObject({ expectedPods: 2, desiredHealthy: 1, disruptionsAllowed: 1 }),
    );
    await registry.update(replicaSets, key, (set) => ({ ...set, spec: { ...set.spec!, replicas: 4 } }));
    await vi.waitFor(() =>
      expect(status()).toMatchObject({ expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 0 }),
    );
  });

  it('allows nothing while it cannot know how many there ought to be', async () => {
    const { registry } = cluster;
    const reference = { apiVersion: 'x.io/v1', kind: 'Robot', name: 'r', uid: 'u', controller: true };
    await registry.create(pods, pod('a', true, { ownerReferences: [reference] }));
    await registry.create(podDisruptionBudgets, budget({ maxUnavailable: 1 }));
    await vi.waitFor(() =>
      expect(status()).toMatchObject({
        disruptionsAllowed: 0,
        conditions: [{ status: 'False', reason: 'SyncFailed', message: 'found no controllers for pod "a"' }],
      }),
    );
  });
});
