import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControlPlane, type ControlPlane } from './control-plane.ts';

let plane: ControlPlane;
beforeAll(async () => {
  plane = await openControlPlane();
});
afterAll(() => plane.close());

const core = async () => `/api/v1/namespaces/${await plane.namespace()}`;
const refused = async (method: string, path: string, body: object, status = 422) =>
  expect((await plane.client.attempt(method, path, body)).status).toBe(status);

describe.each([
  ['configmaps', { a: 'value' }, { a: 'other' }],
  ['secrets', { a: 'dmFsdWU=' }, { a: 'b3RoZXI=' }],
])('%s', (plural, data, other) => {
  it('have no empty key', async () =>
    refused('POST', `${await core()}/${plural}`, { metadata: { name: 'x' }, data: { '': Object.values(data)[0] } }));

  it('are replaced', async () => {
    const path = `${await core()}/${plural}`;
    const made = await plane.client.create(path, { metadata: { name: 'x' }, data });
    await plane.client.update(`${path}/x`, { ...made, data: { ...data, more: other.a } });
    expect((await plane.client.get(`${path}/x`)).data).toEqual({ ...data, more: other.a });
  });

  it('stay as they are once they are immutable, and can be deleted', async () => {
    const { client } = plane;
    const path = `${await core()}/${plural}`;
    await client.create(path, { metadata: { name: 'x' }, data });
    const changed = await client.patch(`${path}/x`, { data: other });
    const immutable = await client.update(`${path}/x`, { ...changed, immutable: true });
    await refused('PUT', `${path}/x`, { ...immutable, data });
    await refused('PUT', `${path}/x`, { ...immutable, immutable: false });
    const { immutable: _gone, ...mutable } = immutable;
    await refused('PUT', `${path}/x`, mutable);
    await client.patch(`${path}/x`, { metadata: { labels: { still: 'labelled' } } });
    expect((await client.get(`${path}/x`)).data).toEqual(other);
    await client.remove(`${path}/x`);
    expect((await client.attempt('GET', `${path}/x`)).status).toBe(404);
  });
});

describe('a LimitRange', () => {
  it('gives containers what they do not ask for, and refuses what is beyond it', async () => {
    const { client } = plane;
    const path = await core();
    const amounts = (cpu: string, memory: string) => ({ cpu, memory, 'ephemeral-storage': '200Gi' });
    const limit = {
      type: 'Container',
      min: amounts('50m', '100Mi'),
      max: { cpu: '500m', memory: '500Mi', 'ephemeral-storage': '500Gi' },
      defaultRequest: amounts('100m', '200Mi'),
      default: { cpu: '300m', memory: '400Mi', 'ephemeral-storage': '500Gi' },
    };
    const watch = await client.watch(
      `${path}/limitranges`,
      (await client.get(`${path}/limitranges`)).metadata.resourceVersion,
    );
    await client.create(`${path}/limitranges`, { metadata: { name: 'limits' }, spec: { limits: [limit] } });
    expect((await watch.next()).object.spec.limits[0]).toEqual({ ...limit, maxLimitRequestRatio: undefined });
    await watch.stop();
    const pod = (name: string, requests?: object, limits?: object) => ({
      metadata: { name },
      spec: {
        containers: [
          { name: 'c', image: 'i', resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) } },
        ],
      },
    });
    const resourcesOf = async (name: string, requests?: object, limits?: object) =>
      (await client.create(`${path}/pods`, pod(name, requests, limits))).spec.containers[0].resources;
    expect(await resourcesOf('bare')).toEqual({ requests: limit.defaultRequest, limits: limit.default });
    expect(await resourcesOf('some', { cpu: '300m', memory: '150Mi' }, { memory: '300Mi' })).toEqual({
      requests: { cpu: '300m', memory: '150Mi', 'ephemeral-storage': '200Gi' },
      limits: { cpu: '300m', memory: '300Mi', 'ephemeral-storage': '500Gi' },
    });
    await refused('POST', `${path}/pods`, pod('small', { cpu: '10m', memory: '50Mi' }), 403);
    // Its request is beyond the limit that it is given, which is looked at first.
    await refused('POST', `${path}/pods`, pod('large', { cpu: '600m', memory: '600Mi' }));
    await client.patch(`${path}/limitranges/limits`, { spec: { limits: [{ ...limit, min: amounts('9m', '49Mi') }] } });
    expect(
      (
        await client.attempt(
          'POST',
          `${path}/pods`,
          pod('small', { cpu: '10m', memory: '50Mi', 'ephemeral-storage': '200Gi' }),
        )
      ).status,
    ).toBe(201);
    await client.remove(`${path}/limitranges/limits`);
    expect((await client.attempt('POST', `${path}/pods`, pod('large', { cpu: '600m', memory: '600Mi' }))).status).toBe(
      201,
    );
  });
});

describe('a PriorityClass', () => {
  it('keeps its value', async () => {
    const { client } = plane;
    const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
    const made = await client.create(path, { metadata: { name: 'important' }, value: 1_000_000 });
    await refused('PUT', `${path}/important`, { ...made, value: 2 });
    await refused('PATCH', `${path}/important`, { value: 2 }, 415);
    const { status } = await client.attempt(
      'PATCH',
      `${path}/important`,
      { value: 2 },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect([status, (await client.get(`${path}/important`)).value]).toEqual([422, 1_000_000]);
  });
});

describe('an event', () => {
  it('is the same in both groups', async () => {
    const { client } = plane;
    const namespace = await plane.namespace();
    const [old, current] = [
      `/api/v1/namespaces/${namespace}/events`,
      `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
    ];
    const regarding = { kind: 'Pod', name: 'p', namespace, apiVersion: 'v1' };
    const made = await client.create(current, {
      metadata: { name: 'e' },
      regarding,
      eventTime: '2026-01-02T03:04:05.000006Z',
      reportingController: 'example.com/test',
      reportingInstance: 'test-1',
      action: 'Do',
      reason: 'Test',
      type: 'Normal',
      note: 'words',
    });
    const seen = await client.get(`${old}/e`);
    expect(seen).toMatchObject({
      involvedObject: regarding,
      message: 'words',
      eventTime: made.eventTime,
      reason: 'Test',
    });
    expect(seen.metadata.uid).toBe(made.metadata.uid);
    const series = { count: 100, lastObservedTime: '2026-09-19T16:20:00.000000Z' };
    await client.patch(`${current}/e`, { series }, 'strategic-merge');
    expect((await client.get(`${old}/e`)).series).toEqual(series);
    await refused('PUT', `${current}/e`, { ...(await client.get(`${current}/e`)), note: 'other words' });
    await client.remove(`${old}/e`);
    expect((await client.attempt('GET', `${current}/e`)).status).toBe(404);
  });
});

describe('a pod with volumes of a CSI driver', () => {
  it('is kept as it is written', async () => {
    const { client } = plane;
    const path = `${await core()}/pods`;
    const volumes = [
      { name: 'v1', csi: { driver: 'example.com' } },
      { name: 'v2', csi: { driver: 'example.com', fsType: 'ext4', readOnly: true } },
    ];
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/mnt/${name}` }));
    const pod = { metadata: { name: 'p' }, spec: { volumes, containers: [{ name: 'c', image: 'i', volumeMounts }] } };
    const made = await client.create(path, pod);
    expect(made.spec.volumes.slice(0, 2)).toEqual(volumes);
    await refused('POST', path, pod, 409);
    expect((await client.get(`${path}/p`)).metadata.uid).toBe(made.metadata.uid);
    expect((await client.get(path)).items.length).toBe(1);
    const annotations = { patched: 'true' };
    expect((await client.patch(`${path}/p`, { metadata: { annotations } })).metadata.annotations).toEqual(annotations);
    await client.remove(`${path}/p`);
    const { status, body } = await client.attempt('GET', `${path}/p`);
    expect(status === 404 || body.metadata.deletionTimestamp !== undefined).toBe(true);
  });
});

it('a pod sets no parameters of the kernel whose names are none', async () => {
  const names = ['foo-', 'kernel.shmmax', 'safe-and-unsafe', 'bar..'];
  const spec = {
    containers: [{ name: 'main', image: 'busybox:1.35' }],
    securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) },
  };
  const path = `/api/v1/namespaces/${await plane.namespace()}/pods`;
  const { status, body } = await plane.client.attempt('POST', path, { metadata: { name: 'tuned' }, spec });
  expect([status, body.reason]).toEqual([422, 'Invalid']);
  const fields = (body.details.causes as { field: string }[]).map(({ field }) => field);
  expect(fields).toEqual(['spec.securityContext.sysctls[0].name', 'spec.securityContext.sysctls[3].name']);
});
