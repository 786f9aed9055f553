import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const volumes = '/api/v1/persistentvolumes';

/** A volume and a claim that belong to each other by a class that no other test has, bound. */
async function bound(name: string) {
  const { client } = plane;
  const namespace = await plane.namespace();
  const claims = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const common = { accessModes: ['ReadWriteOnce'], storageClassName: name };
  const labels = { 'e2e-test': name };
  await client.create(volumes, {
    metadata: { name, labels },
    spec: {
      ...common,
      capacity: { storage: '1Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      csi: { driver: 'example.com/driver', volumeHandle: 'e2e' },
    },
  });
  await client.create(claims, {
    metadata: { name, labels },
    spec: { ...common, resources: { requests: { storage: '1Gi' } } },
  });
  await eventually(async () => expect((await client.get(`${claims}/${name}`)).status.phase).toBe('Bound'));
  await eventually(async () => expect((await client.get(`${volumes}/${name}`)).status.phase).toBe('Bound'));
  return { client, claims, selector: `?labelSelector=e2e-test=${name}` };
}

describe('a volume and its claim', () => {
  it('are listed, read, patched, replaced and deleted, alone and together', async () => {
    const { client, claims, selector } = await bound('life');
    expect((await client.get(`${volumes}${selector}`)).items).toHaveLength(1);
    expect((await client.get(`${claims}${selector}`)).items).toHaveLength(1);
    for (const path of [`${volumes}/life`, `${claims}/life`]) {
      expect((await client.patch(path, { metadata: { labels: { patched: 'yes' } } })).metadata.labels.patched).toBe(
        'yes',
      );
      const current = await client.get(path);
      const next = {
        ...current,
        metadata: { ...current.metadata, labels: { ...current.metadata.labels, put: 'yes' } },
      };
      expect((await client.update(path, next)).metadata.labels.put).toBe('yes');
    }
    await client.remove(`${claims}/life`);
    await eventually(async () => expect((await client.get(`${claims}${selector}`)).items).toEqual([]));
    await client.remove(`${volumes}/life`);
    await eventually(async () => expect((await client.get(`${volumes}${selector}`)).items).toEqual([]));

    const again = await bound('crowd');
    await client.remove(`${again.claims}${again.selector}`);
    await client.remove(`${volumes}${again.selector}`);
    await eventually(async () => expect((await client.get(`${again.claims}${again.selector}`)).items).toEqual([]));
    await eventually(async () => expect((await client.get(`${volumes}${again.selector}`)).items).toEqual([]));
  });

  it('have a status that is patched and replaced', async () => {
    const { client, claims } = await bound('state');
    const condition = (reason: string) => ({ type: 'StatusPatched', status: 'True', reason, message: 'Set by a test' });
    const patched = await client.patch(`${claims}/state/status`, { status: { conditions: [condition('Patched')] } });
    expect(patched.status.conditions).toMatchObject([condition('Patched')]);
    const current = await client.get(`${claims}/state`);
    const replaced = { ...current, status: { ...current.status, conditions: [condition('Replaced')] } };
    expect((await client.update(`${claims}/state/status`, replaced)).status.conditions).toMatchObject([
      condition('Replaced'),
    ]);

    const volume = await client.patch(`${volumes}/state/status`, { status: { message: 'patched', reason: 'Patched' } });
    expect(volume.status).toMatchObject({ phase: 'Bound', message: 'patched', reason: 'Patched' });
    const next = { ...(await client.get(`${volumes}/state`)), status: { phase: 'Bound', message: 'replaced' } };
    expect((await client.update(`${volumes}/state/status`, next)).status.message).toBe('replaced');
  });
});
