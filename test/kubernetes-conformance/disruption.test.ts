import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consistently } from '../integration/consistently.ts';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
let namespace: string;
let pods: string;
let budgets: string;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());
beforeEach(async () => {
  namespace = await plane.namespace();
  pods = `/api/v1/namespaces/${namespace}/pods`;
  budgets = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
});

const labels = { foo: 'bar' };
const addPod = (name: string, spec: object = {}) =>
  plane.client.create(pods, {
    metadata: { name, labels },
    spec: { containers: [{ name: 'c', image: 'localhost/pause:1' }], ...spec },
  });
const addBudget = (name: string, spec: object, more: object = {}) =>
  plane.client.create(budgets, {
    metadata: { name, labels: more },
    spec: { selector: { matchLabels: labels }, ...spec },
  });
const shows = (name: string, status: object) =>
  eventually(async () => expect((await plane.client.get(`${budgets}/${name}`)).status).toMatchObject(status));

describe('a PodDisruptionBudget', () => {
  it('is made, changed, patched and deleted', async () => {
    const { client } = plane;
    await addBudget('budget', { minAvailable: '1%' });
    await shows('budget', { observedGeneration: 1 });
    const current = await client.get(`${budgets}/budget`);
    const updated = await client.update(`${budgets}/budget`, {
      ...current,
      spec: { ...current.spec, minAvailable: '2%' },
    });
    expect(updated.spec.minAvailable).toBe('2%');
    await shows('budget', { observedGeneration: 2 });
    expect((await client.patch(`${budgets}/budget`, { spec: { minAvailable: '3%' } })).spec.minAvailable).toBe('3%');
    await client.remove(`${budgets}/budget`);
    expect((await client.attempt('GET', `${budgets}/budget`)).status).toBe(404);
  });

  it('is listed in all namespaces, and deleted as a collection', async () => {
    const { client } = plane;
    const mark = { test: namespace };
    for (const name of ['one', 'two', 'three']) await addBudget(name, { minAvailable: 1 }, mark);
    const selected = `labelSelector=test%3D${namespace}`;
    expect((await client.get(`/apis/policy/v1/poddisruptionbudgets?${selected}`)).items).toHaveLength(3);
    await client.remove(`${budgets}?${selected}`);
    expect((await client.get(`${budgets}?${selected}`)).items).toEqual([]);
  });

  it('says how many pods may go', async () => {
    await addBudget('budget', { minAvailable: 1 });
    for (const name of ['a', 'b', 'c']) await addPod(name);
    await shows('budget', { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 });
  });

  it('has a status that is replaced and patched', async () => {
    const { client } = plane;
    await addBudget('budget', { minAvailable: 1 });
    await addPod('a');
    await shows('budget', { currentHealthy: 1 });
    const current = await client.get(`${budgets}/budget/status`);
    const disruptedPods = { a: '2026-01-02T03:04:05Z' };
    const replaced = await client.update(`${budgets}/budget/status`, {
      ...current,
      status: { ...current.status, disruptedPods },
    });
    expect(replaced.status.disruptedPods).toEqual(disruptedPods);
    const patched = await client.patch(`${budgets}/budget/status`, { status: { disruptedPods: null } });
    expect(patched.status).not.toHaveProperty('disruptedPods');
  });

  it('forbids an eviction until it is changed', async () => {
    const { client } = plane;
    for (const name of ['a', 'b', 'c']) await addPod(name);
    await addBudget('budget', { minAvailable: 3 });
    await shows('budget', { currentHealthy: 3, disruptionsAllowed: 0 });
    const evict = () =>
      client.attempt('POST', `${pods}/a/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: 'a', namespace },
      });
    expect(await evict()).toMatchObject({ status: 429, body: { reason: 'TooManyRequests' } });
    await client.patch(`${budgets}/budget`, { spec: { minAvailable: 2 } });
    await shows('budget', { disruptionsAllowed: 1 });
    expect((await evict()).status).toBe(201);
  });
});

describe('a taint of the effect NoExecute', () => {
  const taint = { key: 'kubernetes.io/e2e-evict-taint-key', value: 'evictTaintVal', effect: 'NoExecute' };
  const tolerating = (tolerationSeconds: number) => ({
    tolerations: [{ ...taint, operator: 'Equal', tolerationSeconds }],
  });
  const taints = async (all: object[]) => {
    const { items } = await plane.client.get('/api/v1/nodes');
    await plane.client.patch(`/api/v1/nodes/${items[0].metadata.name}`, { spec: { taints: all } });
  };
  const isThere = async (name: string) => {
    const { status, body } = await plane.client.attempt('GET', `${pods}/${name}`);
    return status === 200 && body.metadata.deletionTimestamp === undefined;
  };

  it('drives pods away when their time is over, and no other', async () => {
    await addPod('impatient', tolerating(5));
    await addPod('patient', tolerating(600));
    try {
      await taints([taint]);
      expect(await isThere('impatient')).toBe(true);
      await eventually(async () => expect(await isThere('impatient')).toBe(false));
      expect(await isThere('patient')).toBe(true);
    } finally {
      await taints([]);
    }
  });

  it('drives nobody away that it is taken from in time', async () => {
    await addPod('lucky', tolerating(5));
    await taints([taint]);
    await taints([]);
    await consistently('the pod stays', () => isThere('lucky'), 6000);
  });
});
