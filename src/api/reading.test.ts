import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { configMaps } from '../domain/resources/config-map.ts';
import { leases } from '../domain/resources/lease.ts';
import { namespaces } from '../domain/resources/namespace.ts';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed();
});
afterEach(() => bed.close());

const path = '/api/v1/namespaces/default/configmaps';
const store = (name: string, length: number) =>
  bed.registry.create(configMaps, { metadata: { namespace: 'default', name }, data: { a: 'x'.repeat(length) } });

describe('large answers', () => {
  const gzip = { 'accept-encoding': 'gzip' };
  const unpacked = async (url: string) => {
    const response = await bed.open(url, gzip);
    const text = (await response.pipe(createGunzip()).setEncoding('utf8').toArray()).join('');
    return { headers: response.headers, body: JSON.parse(text) };
  };

  test('are compressed, lists and objects, for clients that take it', async () => {
    await store('big', 200_000);
    await store('small', 10);
    const list = await unpacked(path);
    expect(list.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(list.body).toEqual((await bed.send('GET', path)).body);
    const object = await unpacked(`${path}/big`);
    expect(object.headers['content-encoding']).toBe('gzip');
    expect(object.body.data.a).toHaveLength(200_000);
  });

  test('are as they are for others, as are small ones for all', async () => {
    await store('big', 200_000);
    await store('small', 10);
    expect((await bed.send('GET', path)).headers['content-encoding']).toBeUndefined();
    expect((await bed.send('GET', `${path}/small`, { headers: gzip })).headers['content-encoding']).toBeUndefined();
  });

  test('stay well-formed when many pieces make them', async () => {
    await Promise.all(Array.from({ length: 60 }, (_each, index) => store(`c${index}`, 10_000)));
    expect((await unpacked(path)).body.items).toHaveLength(60);
    expect((await bed.send('GET', path)).body.items).toHaveLength(60);
  });
});

describe('Audit-Id', () => {
  test('is new for every request, also for those that are refused', async () => {
    const replies = [await bed.send('GET', path), await bed.send('GET', path, { anonymous: true })];
    const ids = replies.map(({ headers }) => headers['audit-id']);
    expect(new Set(ids).size).toBe(2);
    ids.forEach((id) => expect(id).toMatch(/^[0-9a-f-]{36}$/));
  });

  test.each([
    ['of the client is kept', 'trace-7', 'trace-7'],
    ['that is too long is not', 'x'.repeat(65), expect.not.stringContaining('x')],
  ])('%s', async (_what, sent, expected) =>
    expect((await bed.send('GET', path, { headers: { 'audit-id': sent } })).headers['audit-id']).toEqual(expected),
  );
});

describe('old watch paths', () => {
  test('watch a resource, a namespace or one object', async () => {
    await store('a', 1);
    await store('b', 1);
    for (const [url, names] of [
      ['/api/v1/watch/configmaps', ['a', 'b']],
      ['/api/v1/watch/namespaces/default/configmaps', ['a', 'b']],
      ['/api/v1/watch/namespaces/default/configmaps/b', ['b']],
    ] as const) {
      const seen: (string | undefined)[] = [];
      for await (const { object } of await bed.stream(url)) {
        seen.push(object.metadata?.name);
        if (seen.length === names.length) break;
      }
      expect(seen, url).toEqual(names);
    }
  });

  test('are not for writing', async () =>
    expect((await bed.send('DELETE', '/api/v1/watch/configmaps')).status).toBe(405));
});

test('HEAD is for what is no resource', async () => {
  const healthy = await bed.send('HEAD', '/livez');
  expect([healthy.status, healthy.text]).toEqual([200, '']);
  const refused = await bed.send('HEAD', path);
  expect([refused.status, refused.text]).toEqual([405, '']);
});

describe('deleting', () => {
  test('what nothing holds leaves no time of deletion in the last event', async () => {
    await store('a', 1);
    const events = await bed.stream(`${path}?watch=1&resourceVersion=${bed.registry.resourceVersion}`);
    await bed.send('DELETE', `${path}/a`);
    const { value } = await events.next();
    expect(value).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'a' } } });
    expect(value?.object.metadata).not.toHaveProperty('deletionTimestamp');
    expect(value?.object.metadata).not.toHaveProperty('deletionGracePeriodSeconds');
    await events.return(undefined);
  });
});

describe('replacing', () => {
  const url = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l';
  const put = (resourceVersion?: string) =>
    bed.send('PUT', url, {
      body: { metadata: { name: 'l', ...(resourceVersion === undefined ? {} : { resourceVersion }) }, spec: {} },
      headers: { 'content-type': 'application/json' },
    });

  test('a lease names the version that it replaces', async () => {
    const { metadata } = await bed.registry.create(leases, { metadata: { namespace: 'default', name: 'l' } });
    const refused = await put();
    expect([refused.status, refused.body.message]).toEqual([
      422,
      'leases.coordination.k8s.io "l" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update',
    ]);
    expect((await put(metadata?.resourceVersion)).status).toBe(200);
  });

  test('a ConfigMap need not', async () => {
    await store('a', 1);
    for (const metadata of [{ name: 'a' }, { name: 'a', resourceVersion: '0' }]) {
      const headers = { 'content-type': 'application/json' };
      expect((await bed.send('PUT', `${path}/a`, { body: { metadata }, headers })).status).toBe(200);
    }
  });
});

test('amounts are kept in their canonical text', async () => {
  const { body } = await bed.send('POST', '/api/v1/namespaces/default/resourcequotas', {
    body: { metadata: { name: 'q' }, spec: { hard: { cpu: 0.5, memory: '1024Mi', pods: '1000m' } } },
    headers: { 'content-type': 'application/json' },
  });
  expect(body.spec.hard).toEqual({ cpu: '500m', memory: '1Gi', pods: '1' });
});

test('clients of what is deprecated are told so, whatever they ask', async () => {
  const text = '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';
  const replies = [
    await bed.send('GET', '/api/v1/namespaces/default/endpoints'),
    await bed.send('POST', '/api/v1/namespaces/default/endpoints', {
      body: { metadata: { name: 'plc' } },
      headers: { 'content-type': 'application/json' },
    }),
  ];
  expect(replies.map(({ headers }) => headers['warning'])).toEqual([text, text]);
  expect((await bed.send('GET', path)).headers['warning']).toBeUndefined();
});

describe('a heartbeat', () => {
  const leasesPath = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  const old = '2020-01-01T00:00:00.000000Z';
  const spec = { holderIdentity: 'plc-1', leaseDurationSeconds: 40, renewTime: old };
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: 'plc-1', uid: 'u' }];
  beforeEach(async () => {
    await bed.registry.create(namespaces, { metadata: { name: 'kube-node-lease' } });
    await bed.registry.create(leases, {
      metadata: { namespace: 'kube-node-lease', name: 'plc-1', ownerReferences },
      spec,
    });
  });
  const age = (lease: { spec: { renewTime: string } }) => Date.now() - Date.parse(lease.spec.renewTime);

  test('of the node is as old as its reading, by every way to read it', async () => {
    const { body } = await bed.send('GET', `${leasesPath}/plc-1`);
    expect(body.spec).toMatchObject({ holderIdentity: 'plc-1', leaseDurationSeconds: 40 });
    expect(body.spec.renewTime).toMatch(/\.\d{6}Z$/);
    expect(age(body)).toBeLessThan(40_000);
    expect(age((await bed.send('GET', leasesPath)).body.items[0])).toBeLessThan(40_000);
    const events = await bed.stream(`${leasesPath}?watch=true`);
    const { value } = await events.next();
    expect(age(value?.object as never)).toBeLessThan(40_000);
    await events.return(undefined);
  });

  test('costs no version', async () => {
    const { body } = await bed.send('GET', `${leasesPath}/plc-1`);
    const again = await bed.send('GET', `${leasesPath}/plc-1`);
    expect(again.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
  });

  test('of anybody else is what he wrote', async () => {
    await bed.registry.create(leases, { metadata: { namespace: 'kube-node-lease', name: 'other' }, spec });
    expect((await bed.send('GET', `${leasesPath}/other`)).body.spec.renewTime).toBe(old);
  });
});
