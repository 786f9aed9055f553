import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../../src/api/api-test-bed.ts';

/**
 * Requests of the typed clients of client-go 0.35 as Go programs make them: they prefer protobuf, send it wherever they send an object, and take
 * JSON. Recorded, in this order, from a program that read every answer back into Go's types and found in it what it had sent.
 */
type Recording = {
  call: string;
  method: string;
  path: string;
  accept: string;
  contentType?: string;
  body?: string;
  status: number;
};
const recordings = readFileSync(new URL('fixtures/client-go-0.35.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recording);

const time = '2026-01-01T00:00:00';
/** What the program put into its call, as far as the answer has to show it. */
const shown: Readonly<Record<string, object>> = {
  'ConfigMaps.Create': {
    metadata: { name: 'go', labels: { by: 'go' }, annotations: { a: 'b' } },
    data: { k: 'v', empty: '' },
    binaryData: { b: 'AP8=' },
  },
  'ConfigMaps.Update': { data: { k: 'v2' }, immutable: false },
  'ConfigMaps.Patch': { data: { k: 'v2', p: 'q' } },
  'ConfigMaps.List': { kind: 'ConfigMapList', items: [{ metadata: { name: 'go' } }] },
  'Secrets.Create': {
    metadata: { name: expect.stringMatching(/^go-\w{5}$/) },
    data: { x: 'AAEC', y: 'eg==' },
    type: 'Opaque',
  },
  'Secrets.DeleteCollection': { kind: 'SecretList', items: [{ metadata: { labels: { by: 'go' } } }] },
  'Leases.Create': { spec: { holderIdentity: 'a', leaseTransitions: 0, renewTime: `${time}.123456Z` } },
  'Deployments.Create': { spec: { replicas: 0, template: { spec: { containers: [{ command: ['sleep', '9'] }] } } } },
  'Deployments.UpdateScale': { kind: 'Scale', spec: { replicas: 2 }, status: { replicas: 0, selector: 'app=go' } },
  'Deployments.UpdateStatus': { status: { conditions: [{ type: 'Available', lastUpdateTime: `${time}Z` }] } },
  'Deployments.Apply': { metadata: { labels: { applied: 'yes' } }, spec: { replicas: 2 } },
  'Events.Create': { count: 3, source: { component: 'recorder' }, firstTimestamp: `${time}Z` },
  'RoleBindings.Create': { roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: 'jane' }] },
  'SelfSubjectAccessReviews.Create': { status: { allowed: true } },
  'ServiceAccounts.CreateToken': {
    status: { token: expect.stringMatching(/^ey/), expirationTimestamp: expect.any(String) },
  },
  'Deployments.Delete': { kind: 'Status', status: 'Success', details: { name: 'go' } },
  'ConfigMaps.Get of nothing': { kind: 'Status', reason: 'NotFound' },
  'ConfigMaps.Delete': { kind: 'Status', status: 'Success' },
};

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed();
});
afterAll(() => bed.close());

it.each(recordings)('$call', async ({ call, method, path, accept, contentType, body = '', status }) => {
  const headers = { accept, ...(contentType === undefined ? {} : { 'content-type': contentType }) };
  if (path.includes('watch=true')) {
    const lines = await Array.fromAsync(await bed.stream(path, headers));
    expect(lines.map(({ type }) => type)).toEqual(['MODIFIED', 'MODIFIED', 'BOOKMARK']);
    return;
  }
  const reply = await bed.send(method, path, {
    headers,
    ...(body === '' ? {} : { body: Buffer.from(body, 'base64') }),
  });
  expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/json']);
  expect(reply.body).toMatchObject({ apiVersion: expect.any(String), ...shown[call] });
});

it.each([
  ['application/vnd.kubernetes.protobuf', 'who takes nothing else is told so at once'],
  ['application/vnd.kubernetes.protobuf;stream=watch', 'of a stream too'],
])('%s alone is 406: %s', async (accept) => {
  const { status, body } = await bed.send('GET', '/api/v1/namespaces/default/configmaps', { headers: { accept } });
  expect([status, body.reason, body.message]).toEqual([
    406,
    'NotAcceptable',
    expect.stringContaining('only the following media types are accepted: application/json'),
  ]);
});

it('one that cannot be read is refused as JSON is, and changes nothing', async () => {
  const { path, accept, contentType = '' } = recordings[0]!;
  const headers = { accept, 'content-type': contentType };
  const { status, body } = await bed.send('POST', path, { headers, body: Buffer.from('k8s\0\x12\xff\x01', 'latin1') });
  expect([status, body.reason]).toEqual([400, 'BadRequest']);
});
