import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed();
});
afterEach(() => bed.close());

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = json) =>
  bed.send('POST', path, { body, headers });
const configMap = (name: string, more: object = {}) => ({ metadata: { name }, data: { a: '1' }, ...more });
const web = {
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'busybox:1' }] },
    },
  },
};
const patch = (path: string, type: string, body: unknown) =>
  bed.send('PATCH', path, { body, headers: { 'content-type': `application/${type}` } });

test('create answers the stored object; kind, version and namespace come from the path', async () => {
  const { status, body } = await post(configMaps, configMap('a'));
  expect([status, body.kind, body.apiVersion, body.metadata.namespace]).toEqual([201, 'ConfigMap', 'v1', 'default']);
  expect((await bed.send('GET', `${configMaps}/a`)).body).toEqual(body);
});

test('generateName makes names', async () => {
  const { body } = await post(configMaps, { metadata: { generateName: 'g-' } });
  expect(body.metadata.name).toMatch(/^g-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test.each([
  [
    'another namespace',
    { metadata: { name: 'a', namespace: 'other' } },
    400,
    'the namespace of the provided object does not match the namespace sent on the request',
  ],
  [
    'another version',
    { apiVersion: 'apps/v1', kind: 'ConfigMap' },
    400,
    'the API version in the data (apps/v1) does not match the expected API version (v1)',
  ],
  [
    'another kind',
    { apiVersion: 'v1', kind: 'Secret' },
    400,
    'Secret in version "v1" cannot be handled as a ConfigMap: ',
  ],
  [
    'a wrong type',
    { metadata: { name: 'a' }, data: { a: 1 } },
    400,
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
  ],
  ['a list', [], 400, 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal '],
  [
    'no name',
    { data: {} },
    422,
    'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
  ],
  [
    'a version of its own',
    { metadata: { name: 'a', resourceVersion: '1' } },
    400,
    'resourceVersion should not be set on objects to be created',
  ],
])('create refuses %s', async (_name, object, code, message) => {
  const { status, body } = await post(configMaps, object);
  expect([status, body.message.slice(0, message.length)]).toEqual([code, message]);
});

test('create refuses what is no JSON in words that tell nothing of it', async () => {
  const { status, body } = await post('/api/v1/namespaces/default/secrets', '{"data": {"password": hunter2}}');
  expect([status, body.reason]).toEqual([400, 'BadRequest']);
  expect(body.message).toMatch(
    /^the object provided is unrecognized \(must be of type Secret\): couldn't get version\/kind; json parse error: invalid character/,
  );
  expect(body.message).not.toContain('hunter2');
  expect((await post(configMaps, '')).status).toBe(400);
  expect((await post(configMaps, '['.repeat(100_000))).status).toBe(400);
});

test('a name is taken once', async () => {
  await post(configMaps, configMap('a'));
  const { status, body } = await post(configMaps, configMap('a'));
  expect([status, body]).toMatchObject([
    409,
    { reason: 'AlreadyExists', message: 'configmaps "a" already exists', details: { name: 'a', kind: 'configmaps' } },
  ]);
});

test('what is wrong with an object is told before that its name is taken', async () => {
  await post(configMaps, configMap('a'));
  const invalid = await post(configMaps, { ...configMap('a'), data: { 'not a key': 'x' } });
  expect([invalid.status, invalid.body.reason]).toEqual([422, 'Invalid']);
  expect((await post(`${configMaps}?dryRun=All`, configMap('a'))).body.reason).toBe('AlreadyExists');
});

test('a name whose object is being deleted is taken, and says so', async () => {
  await post(configMaps, { metadata: { name: 'a', finalizers: ['example.com/held'] } });
  await bed.send('DELETE', `${configMaps}/a`);
  const { status, body } = await post(configMaps, configMap('a'));
  expect([status, body.message]).toEqual([409, 'object is being deleted: configmaps "a" already exists']);
});

test('YAML is read too', async () => {
  const yaml = 'metadata:\n  name: a\ndata:\n  key: |\n    text\n';
  const { status, body } = await post(configMaps, yaml, { 'content-type': 'application/yaml' });
  expect([status, body.data]).toEqual([201, { key: 'text\n' }]);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefg'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefg'[i]}`).join(',')}]`)
    .join('\n')}`;
  expect((await post(configMaps, bomb, { 'content-type': 'application/yaml' })).status).toBe(400);
});

test('unknown and doubled fields: an error, a warning or nothing', async () => {
  const doubled = '{"metadata":{"name":"a"},"data":{"a":"1","a":"2"},"foo":1}';
  const strict = await post(`${configMaps}?fieldValidation=Strict`, doubled);
  expect([strict.status, strict.body.message]).toEqual([
    400,
    'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "foo"',
  ]);
  const warn = await post(configMaps, doubled);
  expect(warn.headers['warning']).toBe(String.raw`299 - "duplicate field \"data.a\"", 299 - "unknown field \"foo\""`);
  expect(warn.body).not.toHaveProperty('foo');
  const ignore = await post(`${configMaps}?fieldValidation=Ignore`, { ...configMap('b'), foo: 1 });
  expect([ignore.status, ignore.headers['warning']]).toEqual([201, undefined]);
  const unknown = await post(`${configMaps}?fieldValidation=Loose`, configMap('c'));
  expect([unknown.status, unknown.body.details.kind]).toEqual([422, 'CreateOptions']);
});

test('hostile field names do not break the header', async () => {
  const { status, headers } = await post(configMaps, { ...configMap('a'), 'x\r\nSet-Cookie: a=b': 1, 'käse"\\': 2 });
  expect([status, headers['set-cookie']]).toEqual([201, undefined]);
});

test('a dry run changes nothing', async () => {
  const before = bed.registry.resourceVersion;
  const { status, body } = await post(`${configMaps}?dryRun=All`, configMap('a'));
  expect([status, body.metadata.resourceVersion, body.metadata.uid]).toEqual([201, undefined, expect.any(String)]);
  expect([bed.registry.resourceVersion, (await bed.send('GET', `${configMaps}/a`)).status]).toEqual([before, 404]);
  const other = await post(`${configMaps}?dryRun=Some`, configMap('a'));
  expect([other.status, other.body.message]).toEqual([
    422,
    'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "Some": supported values: "All"',
  ]);
});

test('update replaces, and a stale one is refused', async () => {
  const { body: created } = await post(configMaps, configMap('a'));
  const put = (body: unknown) => bed.send('PUT', `${configMaps}/a`, { body });
  const updated = await put({ ...created, data: { b: '2' } });
  expect([updated.status, updated.body.data]).toEqual([200, { b: '2' }]);
  const stale = await put({ ...created, data: {} });
  expect([stale.status, stale.body.reason, stale.body.message]).toEqual([
    409,
    'Conflict',
    'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  ]);
  const unconditional = await put(configMap('a', { data: { c: '3' } }));
  expect([unconditional.status, unconditional.body.data]).toEqual([200, { c: '3' }]);
  const same = await put(unconditional.body);
  expect(same.body.metadata.resourceVersion).toBe(unconditional.body.metadata.resourceVersion);
});

test.each([
  [
    'another name',
    { metadata: { name: 'b' } },
    400,
    'the name of the object (b) does not match the name on the URL (a)',
  ],
  ['no name', {}, 400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
  [
    'another namespace',
    { metadata: { name: 'a', namespace: 'x' } },
    400,
    'the namespace of the object (x) does not match the namespace on the request (default)',
  ],
  [
    'another uid',
    { metadata: { name: 'a', uid: 'x' } },
    409,
    'Operation cannot be fulfilled on configmaps "a": Precondition failed: UID in precondition: x, UID in object meta: ',
  ],
])('update refuses %s', async (_name, object, code, message) => {
  await post(configMaps, configMap('a'));
  const { status, body } = await bed.send('PUT', `${configMaps}/a`, { body: object });
  expect([status, body.message.slice(0, message.length)]).toEqual([code, message]);
});

test('update does not create', async () => {
  const { status, body } = await bed.send('PUT', `${configMaps}/a`, { body: configMap('a') });
  expect([status, body.message]).toEqual([404, 'configmaps "a" not found']);
});

test('the three kinds of patches', async () => {
  await post(deployments, web);
  const path = `${deployments}/web`;
  const strategic = await patch(path, 'strategic-merge-patch+json', {
    spec: { template: { spec: { containers: [{ name: 'd', image: 'busybox:2' }] } } },
  });
  expect(strategic.body.spec.template.spec.containers.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'c',
    'd',
  ]);
  const merge = await patch(path, 'merge-patch+json', { spec: { replicas: 3 }, metadata: { labels: { x: 'y' } } });
  expect([merge.body.spec.replicas, merge.body.metadata.labels, merge.body.metadata.generation]).toEqual([
    3,
    { x: 'y' },
    3,
  ]);
  const ops = await patch(path, 'json-patch+json', [{ op: 'replace', path: '/spec/replicas', value: 4 }]);
  expect(ops.body.spec.replicas).toBe(4);
  const nothing = await patch(path, 'merge-patch+json', { spec: { replicas: 4 } });
  expect(nothing.body.metadata.resourceVersion).toBe(ops.body.metadata.resourceVersion);
});

test('a strategic patch that does not fit its kind is itself the invalid value', async () => {
  await post(configMaps, configMap('a'));
  const strategic = 'strategic-merge-patch+json';
  const broken = await patch(`${configMaps}/a`, strategic, '{');
  expect([broken.status, broken.body.message]).toEqual([400, 'unexpected end of JSON input']);
  const strict = await patch(`${configMaps}/a?fieldValidation=Strict`, strategic, { foo: [1], data: { a: null } });
  expect(strict.body).toMatchObject({
    code: 422,
    reason: 'Invalid',
    message:
      ' "" is invalid: patch: Invalid value: "map[data:map[a:<nil>] foo:[1]]": strict decoding error: unknown field "foo"',
    details: { causes: [{ field: 'patch' }] },
  });
  const wrong = await patch(`${configMaps}/a`, strategic, { data: 3 });
  expect([wrong.status, wrong.body.message.split(': json')[0]]).toEqual([
    422,
    ' "" is invalid: patch: Invalid value: "map[data:3]"',
  ]);
  const secrets = '/api/v1/namespaces/default/secrets';
  await post(secrets, { metadata: { name: 's' } });
  const secret = await patch(`${secrets}/s`, strategic, { data: 'hidden' });
  expect([secret.status, JSON.stringify(secret.body)]).toEqual([422, expect.not.stringContaining('hidden')]);
});

test('patches that cannot be', async () => {
  await post(deployments, web);
  const path = `${deployments}/web`;
  const failed = await patch(path, 'json-patch+json', [{ op: 'test', path: '/spec/replicas', value: 9 }]);
  expect([failed.status, failed.body.reason, failed.body.message]).toEqual([
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
  ]);
  expect((await patch(path, 'json-patch+json', '{')).status).toBe(400);
  expect((await patch(path, 'json-patch+json', Array(10_001).fill({ op: 'remove', path: '/x' }))).status).toBe(413);
  const unknown = await patch(path, 'json', web);
  expect([unknown.status, unknown.body.message]).toEqual([
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
  ]);
  const stale = await patch(path, 'merge-patch+json', { metadata: { resourceVersion: '1' } });
  expect([stale.status, stale.body.reason]).toEqual([409, 'Conflict']);
  const strict = await patch(`${path}?fieldValidation=Strict`, 'merge-patch+json', { spec: { foo: 1 } });
  expect([strict.status, strict.body.message]).toEqual([
    400,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"',
  ]);
  expect((await patch(`${deployments}/none`, 'merge-patch+json', {})).status).toBe(404);
});

test('patches at once all arrive', async () => {
  await post(configMaps, configMap('a'));
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
  const replies = await Promise.all(
    keys.map((key) => patch(`${configMaps}/a`, 'merge-patch+json', { data: { [key]: key } })),
  );
  expect(replies.map(({ status }) => status)).toEqual(keys.map(() => 200));
  expect(Object.keys((await bed.send('GET', `${configMaps}/a`)).body.data)).toHaveLength(21);
});

test('delete answers a Status, or the object for some kinds', async () => {
  const { body: created } = await post(configMaps, configMap('a'));
  const gone = await bed.send('DELETE', `${configMaps}/a`);
  expect([gone.status, gone.body]).toEqual([
    200,
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: created.metadata.uid },
    },
  ]);
  const services = '/api/v1/namespaces/default/services';
  await post(services, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  expect((await bed.send('DELETE', `${services}/s`)).body.kind).toBe('Service');
  expect((await bed.send('DELETE', `${services}/s`)).body.message).toBe('services "s" not found');
});

test('delete options from the body or the query', async () => {
  await post(configMaps, configMap('a', { metadata: { name: 'a', finalizers: ['example.com/wait'] } }));
  const wrong = await bed.send('DELETE', `${configMaps}/a`, {
    body: { kind: 'DeleteOptions', apiVersion: 'policy/v1', preconditions: { uid: 'x' } },
    headers: json,
  });
  expect([wrong.status, wrong.body.reason]).toEqual([409, 'Conflict']);
  const dry = await bed.send('DELETE', `${configMaps}/a?dryRun=All`);
  expect([dry.status, (await bed.send('GET', `${configMaps}/a`)).body.metadata.deletionTimestamp]).toEqual([
    200,
    undefined,
  ]);
  const waits = await bed.send('DELETE', `${configMaps}/a?orphanDependents=false`);
  expect([waits.status, waits.body.metadata.deletionTimestamp]).toEqual([202, expect.any(String)]);
  const both = await bed.send('DELETE', `${configMaps}/a`, {
    body: { orphanDependents: true, propagationPolicy: 'Orphan' },
    headers: json,
  });
  expect([both.status, both.body.message]).toEqual([
    422,
    'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
  ]);
  const policy = await bed.send('DELETE', `${configMaps}/a?propagationPolicy=Slowly`);
  expect(policy.body.message).toContain('supported values: "Background", "Foreground", "Orphan"');
  const freed = await patch(`${configMaps}/a`, 'merge-patch+json', { metadata: { finalizers: null } });
  expect([freed.status, (await bed.send('GET', `${configMaps}/a`)).status]).toEqual([200, 404]);
});

test('deletecollection deletes what is selected and nothing else', async () => {
  for (const name of ['a', 'b', 'c']) {
    await post(configMaps, configMap(name, { metadata: { name, labels: { odd: String(name !== 'b') } } }));
  }
  const { status, body } = await bed.send('DELETE', `${configMaps}?labelSelector=odd%3Dtrue`);
  expect([status, body.kind, body.items.length]).toEqual([200, 'ConfigMapList', 2]);
  const left = (await bed.send('GET', configMaps)).body.items;
  expect(left.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(['b']);
});

test('nothing is written to a namespace that is not there', async () => {
  const { status, body } = await post('/api/v1/namespaces/none/configmaps', configMap('a'));
  expect([status, body.message]).toEqual([404, 'namespaces "none" not found']);
});
