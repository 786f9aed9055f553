import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const all = '/api/v1/namespaces';
const pod = { metadata: { name: 'inside' }, spec: { containers: [{ name: 'c', image: 'busybox:1.35' }] } };
const service = {
  metadata: { name: 'inside' },
  spec: { selector: { foo: 'bar' }, ports: [{ port: 80, targetPort: 80 }] },
};

const isGone = (path: string) =>
  eventually(async () => expect((await plane.client.attempt('GET', path)).status).toBe(404));

describe('the end of a namespace', () => {
  it.each([
    ['pods', pod],
    ['services', service],
  ])('is the end of its %s, also for the next of its name', async (plural, object) => {
    const { client } = plane;
    const name = await plane.namespace();
    const path = `${all}/${name}/${plural}`;
    await client.create(path, object);
    if (plural === 'pods') {
      await eventually(async () => expect((await client.get(`${path}/inside`)).status.phase).toBe('Running'));
    }
    await client.remove(`${all}/${name}`);
    await isGone(`${all}/${name}`);
    await client.create(all, { metadata: { name } });
    expect((await client.attempt('GET', `${path}/inside`)).status).toBe(404);
  });

  it('begins with its pods: as long as one is held, everything else stays', async () => {
    const { client } = plane;
    const name = await plane.namespace();
    const held = { ...pod, metadata: { ...pod.metadata, finalizers: ['example.com/hold'] } };
    await client.create(`${all}/${name}/pods`, held);
    await client.create(`${all}/${name}/configmaps`, { metadata: { name: 'settings' } });
    await client.remove(`${all}/${name}`);
    await eventually(async () => {
      const { status } = await client.get(`${all}/${name}`);
      expect(status.phase).toBe('Terminating');
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'NamespaceFinalizersRemaining', status: 'True' }),
      );
    });
    expect((await client.get(`${all}/${name}/pods/inside`)).metadata.deletionTimestamp).toBeDefined();
    expect((await client.get(`${all}/${name}/configmaps/settings`)).metadata.deletionTimestamp).toBeUndefined();
    await client.patch(`${all}/${name}/pods/inside`, { metadata: { finalizers: null } });
    await isGone(`${all}/${name}`);
  });
});

it('a patch and an update give it labels', async () => {
  const { client } = plane;
  const path = `${all}/${await plane.namespace()}`;
  await client.patch(path, { metadata: { labels: { patched: 'yes' } } }, 'strategic-merge');
  const patched = await client.get(path);
  expect(patched.metadata.labels).toMatchObject({ patched: 'yes' });
  const labels = { ...patched.metadata.labels, updated: 'yes' };
  const updated = await client.update(path, { ...patched, metadata: { ...patched.metadata, labels } });
  expect(updated.metadata.labels).toMatchObject({ patched: 'yes', updated: 'yes' });
});

it('its status is patched and updated apart', async () => {
  const { client } = plane;
  const path = `${all}/${await plane.namespace()}`;
  const condition = (type: string) => ({ type, status: 'True', reason: 'Test', message: 'set by a test' });
  const change = { metadata: { annotations: { by: 'status' } }, status: { conditions: [condition('Patched')] } };
  const patched = await client.patch(`${path}/status`, change);
  expect(patched.status).toMatchObject({ phase: 'Active', conditions: [condition('Patched')] });
  const current = await client.get(path);
  const conditions = [...current.status.conditions, condition('Updated')];
  await client.update(`${path}/status`, { ...current, status: { ...current.status, conditions } });
  expect((await client.get(`${path}/status`)).status.conditions).toMatchObject([
    condition('Patched'),
    condition('Updated'),
  ]);
});

it('finalizers of its spec come and go through their own endpoint', async () => {
  const { client } = plane;
  const path = `${all}/${await plane.namespace()}`;
  const before = await client.get(path);
  expect(before.spec.finalizers).toEqual(['kubernetes']);
  const finalizers = ['kubernetes', 'example.com/own'];
  const finalized = await client.update(`${path}/finalize`, { ...before, spec: { finalizers } });
  expect(finalized.spec.finalizers).toEqual(finalizers);
  const current = await client.get(path);
  expect(current.spec.finalizers).toEqual(finalizers);
  const restored = await client.update(`${path}/finalize`, { ...current, spec: { finalizers: ['kubernetes'] } });
  expect(restored.spec.finalizers).toEqual(['kubernetes']);
});
