import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';
import { eventually } from './eventually.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const podSpec = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.35' }] };
const job = (name: string, spec: object = {}) => ({
  metadata: { name, labels: { test: 'batch' } },
  spec: { template: { spec: podSpec }, ...spec },
});

const open = async () => {
  const namespace = await plane.namespace();
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const pods = async () => (await plane.client.get(`/api/v1/namespaces/${namespace}/pods`)).items;
  return { client: plane.client, path, pods, namespace };
};

describe('a Job', () => {
  it('has a status that is patched, replaced and read', async () => {
    const { client, path } = await open();
    await client.create(path, job('batch', { parallelism: 2 }));
    await eventually(async () =>
      expect((await client.get(`${path}/batch/status`)).status).toMatchObject({ active: 2 }),
    );
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    const patched = { type: 'CustomConditionType', status: 'True', lastTransitionTime };
    const change = { metadata: { annotations: { patchedstatus: 'true' } }, status: { conditions: [patched] } };
    expect(await client.patch(`${path}/batch/status`, change)).toMatchObject(change);

    const startTime = '2026-01-02T00:00:00Z';
    await eventually(async () => {
      const current = await client.get(`${path}/batch`);
      const replaced = await client.update(`${path}/batch/status`, {
        ...current,
        metadata: { ...current.metadata, annotations: { updatedstatus: 'true' } },
        status: { ...current.status, startTime },
      });
      expect(replaced).toMatchObject({ metadata: { annotations: { updatedstatus: 'true' } }, status: { startTime } });
    });
    const { metadata, status } = await client.get(`${path}/batch/status`);
    expect(metadata.annotations).toEqual({ updatedstatus: 'true' });
    expect(status).toMatchObject({ startTime, conditions: [patched] });
  });

  it('is created, patched, updated, found, watched and deleted with its pods', async () => {
    const { client, path, pods } = await open();
    const { resourceVersion } = (await client.get(path)).metadata;
    const watch = await client.watch(`${path}?labelSelector=test%3Dbatch`, resourceVersion);
    await client.create(path, job('batch', { suspend: true, completions: 2, parallelism: 2 }));
    await watch.until(({ type, object }) => type === 'ADDED' && object.metadata.name === 'batch');
    expect(await client.patch(`${path}/batch`, { metadata: { labels: { patched: 'true' } } })).toMatchObject({
      metadata: { labels: { patched: 'true', test: 'batch' } },
    });
    await eventually(async () => {
      const current = await client.get(`${path}/batch`);
      await client.update(`${path}/batch`, { ...current, spec: { ...current.spec, suspend: false } });
    });
    await watch.until(({ type, object }) => type === 'MODIFIED' && object.spec.suspend === false);
    await eventually(async () => expect(await pods()).toHaveLength(2));
    const everywhere = (await client.get('/apis/batch/v1/jobs?labelSelector=patched%3Dtrue')).items;
    expect(everywhere.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['batch']);

    await client.remove(`${path}?labelSelector=patched%3Dtrue`, { propagationPolicy: 'Background' });
    await watch.until(({ type }) => type === 'DELETED');
    await watch.stop();
    await eventually(async () => expect(await pods()).toEqual([]));
  });

  it('that is deleted takes its pods with it', async () => {
    const { client, path, pods } = await open();
    await client.create(path, job('batch', { parallelism: 2, completions: 2 }));
    await eventually(async () => expect((await client.get(`${path}/batch`)).status).toMatchObject({ active: 2 }));
    await client.remove(`${path}/batch`, { propagationPolicy: 'Foreground' });
    await eventually(async () => expect((await client.attempt('GET', `${path}/batch`)).status).toBe(404));
    expect(await pods()).toEqual([]);
  });

  it('leaves its pods behind when nobody says what becomes of them, as it always has', async () => {
    const { client, path, pods } = await open();
    await client.create(path, job('batch'));
    await eventually(async () => expect((await client.get(`${path}/batch`)).status).toMatchObject({ active: 1 }));
    await client.remove(`${path}/batch`);
    await eventually(async () => expect((await client.attempt('GET', `${path}/batch`)).status).toBe(404));
    await eventually(async () => {
      const [pod] = await pods();
      expect(pod.metadata).not.toHaveProperty('ownerReferences');
      expect(pod.metadata).not.toHaveProperty('finalizers');
    });
  });

  it('counts for a quota', async () => {
    const { client, path, namespace } = await open();
    const quota = { metadata: { name: 'few' }, spec: { hard: { 'count/jobs.batch': '1' } } };
    await client.create(`/api/v1/namespaces/${namespace}/resourcequotas`, quota);
    await client.create(path, job('first', { suspend: true }));
    expect(await client.attempt('POST', path, job('second'))).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining('exceeded quota: few') },
    });
  });
});

it('a CronJob has a status that is patched and replaced', async () => {
  const { client, namespace } = await open();
  const path = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;
  await client.create(path, {
    metadata: { name: 'tick' },
    spec: { schedule: '0 0 31 2 *', jobTemplate: { spec: { template: { spec: podSpec } } } },
  });
  const change = {
    metadata: { annotations: { patchedstatus: 'true' } },
    status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
  };
  expect(await client.patch(`${path}/tick/status`, change)).toMatchObject(change);
  const current = await client.get(`${path}/tick/status`);
  const status = { lastScheduleTime: '2026-01-02T00:00:00Z' };
  expect(await client.update(`${path}/tick/status`, { ...current, status })).toMatchObject({ status });
  expect((await client.get(`${path}/tick`)).status).toMatchObject(status);
});
