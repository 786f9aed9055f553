import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PodDisruptionBudget } from '../../domain/meta/types.ts';
import { podDisruptionBudgets } from '../../domain/resources/pod-disruption-budget.ts';
import { pods } from '../../domain/resources/pod.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

let bed: ApiTestBed;
const key = { namespace: 'default', name: 'web' };
const path = '/api/v1/namespaces/default/pods/web/eviction';

beforeEach(async () => {
  bed = await openApiTestBed();
  await bed.registry.create(pods, {
    metadata: { ...key, labels: { app: 'web' } },
    spec: { nodeName: 'device-1', containers: [{ name: 'c', image: 'i' }] },
  });
  await phase('Running', 'True');
});
afterEach(() => bed.close());

const phase = (name: string, ready: string) =>
  bed.registry.update(
    pods,
    key,
    (pod) => ({ ...pod, status: { phase: name, conditions: [{ type: 'Ready', status: ready }] } }),
    { subresource: 'status' },
  );

async function budget(status: object, spec: PodDisruptionBudget['spec'] = {}, name = 'web'): Promise<void> {
  const selector = { matchLabels: { app: 'web' } };
  const own = { namespace: 'default', name };
  await bed.registry.create(podDisruptionBudgets, { metadata: own, spec: { selector, ...spec } });
  await bed.registry.update(
    podDisruptionBudgets,
    own,
    (current) => ({ ...current, status: { ...current.status!, ...status } }),
    { subresource: 'status' },
  );
}

const evict = (options: object = {}) =>
  bed.send('POST', path, {
    body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' }, deleteOptions: options },
    headers: { 'content-type': 'application/json' },
  });
const pod = () => bed.registry.find(pods, key);
const isGoing = () => pod()?.metadata?.deletionTimestamp !== undefined;
const spent = { observedGeneration: 1, disruptionsAllowed: 0, desiredHealthy: 2, currentHealthy: 1 };

test('without a budget the pod goes, and says why', async () => {
  expect((await evict()).status).toBe(201);
  expect(pod()?.status?.conditions).toContainEqual(
    expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }),
  );
  expect(isGoing()).toBe(true);
});

test('a budget with room is used up', async () => {
  await budget({ observedGeneration: 1, disruptionsAllowed: 1 });
  expect((await evict({ dryRun: ['All'] })).status).toBe(201);
  expect(isGoing()).toBe(false);
  expect((await evict()).status).toBe(201);
  expect(bed.registry.get(podDisruptionBudgets, key).status).toMatchObject({
    disruptionsAllowed: 0,
    disruptedPods: { web: expect.any(String) },
    conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
  });
});

test.each([
  ['spent', spent, 'The disruption budget web needs 2 healthy pods and has 1 currently', undefined],
  ['not counted yet', {}, 'The disruption budget web is still being processed by the server.', 10],
])('a budget that is %s forbids it', async (_what, status, message, retryAfterSeconds) => {
  await budget(status);
  const refused = await evict();
  expect(refused.body).toMatchObject({
    reason: 'TooManyRequests',
    code: 429,
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: 'DisruptionBudget', message }] },
  });
  expect(refused.body.details.retryAfterSeconds).toBe(retryAfterSeconds);
  expect(isGoing()).toBe(false);
});

test.each([
  ['is not ready and the policy lets it', { unhealthyPodEvictionPolicy: 'AlwaysAllow' }, spent],
  ['is not ready and the others are enough', {}, { ...spent, currentHealthy: 2 }],
])('a pod that %s goes without using the budget', async (_what, spec, status) => {
  await phase('Running', 'False');
  await budget(status, spec);
  expect((await evict()).status).toBe(201);
});

test('a pod that is not ready stays while too few others are', async () => {
  await phase('Running', 'False');
  await budget(spent);
  expect((await evict()).status).toBe(429);
});

test.each(['Pending', 'Succeeded', 'Failed'])('a pod that is %s needs no budget', async (name) => {
  await phase(name, 'False');
  await budget(spent);
  expect((await evict()).status).toBe(201);
});

test('two budgets are one too many', async () => {
  await budget(spent);
  await budget(spent, {}, 'other');
  expect((await evict()).body).toMatchObject({
    code: 500,
    message: expect.stringContaining('This pod has more than one PodDisruptionBudget'),
  });
});

describe('a pod that gets ready while it is being evicted', () => {
  /** The kubelet tells of it at this very moment. */
  const getsReadyMeanwhile = () => {
    const remove = bed.registry.delete.bind(bed.registry);
    vi.spyOn(bed.registry, 'delete').mockImplementationOnce(async (...deletion) => {
      await phase('Running', 'True');
      return remove(...deletion);
    });
  };

  test.each([
    ['Pending', {}],
    ['Running', { unhealthyPodEvictionPolicy: 'AlwaysAllow' }],
  ])('does not go without its budget (%s)', async (before, spec) => {
    await phase(before, 'False');
    await budget(spent, spec);
    getsReadyMeanwhile();
    expect((await evict()).status).toBe(429);
    expect(isGoing()).toBe(false);
  });

  test('stays when another version was meant', async () => {
    await phase('Pending', 'False');
    const { resourceVersion } = pod()!.metadata!;
    getsReadyMeanwhile();
    expect((await evict({ preconditions: { resourceVersion } })).status).toBe(409);
    expect(isGoing()).toBe(false);
  });
});

test('who names the version that there is gets it evicted', async () => {
  expect((await evict({ preconditions: { resourceVersion: pod()!.metadata!.resourceVersion } })).status).toBe(201);
  expect(isGoing()).toBe(true);
});
