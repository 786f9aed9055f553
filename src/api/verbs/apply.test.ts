import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { metaOf } from '../../domain/meta/object-key.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.send('DELETE', deployment);
  await bed.send('DELETE', configMap);
});

const deployment = '/apis/apps/v1/namespaces/default/deployments/web';
const configMap = '/api/v1/namespaces/default/configmaps/c';

const web = (replicas: number, image = 'busybox:1.35') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } },
  },
});

const settings = (data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data });

const send = (method: string, path: string, body: unknown, type = 'application/json', agent?: string) =>
  bed.send(method, path, { body, headers: { 'content-type': type, ...(agent && { 'user-agent': agent }) } });

const apply = (path: string, body: unknown, query = 'fieldManager=a') =>
  send('PATCH', `${path}?${query}`, body, 'application/apply-patch+yaml');

const owners = async (path: string): Promise<string[]> => {
  const { body } = await bed.send('GET', path);
  return (metaOf(body).managedFields ?? []).map(({ manager, operation, subresource }) =>
    [manager, operation, ...(subresource ? [subresource] : [])].join(' '),
  );
};

test('the first apply makes the object, the same again changes nothing', async () => {
  const created = await apply(deployment, web(2));
  expect([created.status, created.body.spec.strategy.type]).toEqual([201, 'RollingUpdate']);
  const again = await apply(deployment, web(2));
  expect([again.status, again.body]).toEqual([200, created.body]);
});

test('YAML is applied as well', async () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: "1"\n';
  const { status, body } = await apply(configMap, text);
  expect([status, body.data]).toEqual([201, { x: '1' }]);
});

test('a conflict names who owns what; force takes it', async () => {
  await apply(deployment, web(2));
  const conflict = await apply(deployment, web(3), 'fieldManager=b');
  expect([conflict.status, conflict.body]).toEqual([
    409,
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
      reason: 'Conflict',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.replicas' }] },
      code: 409,
    },
  ]);
  const forced = await apply(deployment, web(3), 'fieldManager=b&force=true');
  expect([forced.status, forced.body.spec.replicas]).toEqual([200, 3]);
});

test('a dry run answers as if, and does nothing', async () => {
  expect((await apply(deployment, web(1), 'fieldManager=a&dryRun=All')).status).toBe(201);
  expect((await bed.send('GET', deployment)).status).toBe(404);
  const { body: before } = await apply(deployment, web(1));
  const dry = await apply(deployment, web(2), 'fieldManager=a&dryRun=All');
  expect([dry.status, dry.body.spec.replicas]).toEqual([200, 2]);
  expect((await bed.send('GET', deployment)).body).toEqual(before);
});

test('every write is somebody’s: who says so, or the program that asks', async () => {
  await send('POST', '/api/v1/namespaces/default/configmaps', settings({ x: '1' }), undefined, 'Node-RED/4.0 (linux)');
  await send('PUT', `${configMap}?fieldManager=me`, settings({ x: '2' }), undefined, 'Node-RED/4.0 (linux)');
  await send('PATCH', configMap, { data: { y: '1' } }, 'application/merge-patch+json', `${'x'.repeat(200)}/1`);
  expect(await owners(configMap)).toEqual(expect.arrayContaining(['me Update', `${'x'.repeat(128)} Update`]));
  const nameless = await send('PATCH', configMap, { data: { z: '1' } }, 'application/merge-patch+json');
  expect(nameless.body.metadata.managedFields.map(({ manager }: { manager: string }) => manager)).toContain('unknown');
});

test('a write without change keeps version and owners', async () => {
  const { body: created } = await send('POST', '/api/v1/namespaces/default/configmaps', settings({ x: '1' }));
  const { body } = await send('PUT', `${configMap}?fieldManager=other`, settings({ x: '1' }));
  expect(body).toEqual(created);
});

test.each([[[]], [[{}]]])('managedFields %j reset them', async (managedFields) => {
  await apply(configMap, settings({ x: '1' }));
  await send('PATCH', configMap, { metadata: { managedFields } }, 'application/merge-patch+json');
  expect(await owners(configMap)).toEqual([]);
  await apply(configMap, settings({ x: '1' }), 'fieldManager=b');
  expect(await owners(configMap)).toEqual(['b Apply', 'before-first-apply Update']);
});

test('who applies labels to the status of a Deployment neither changes nor owns them', async () => {
  await apply(deployment, web(2));
  const labels = { app: 'other' };
  const config = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { labels }, status: { replicas: 7 } };
  const reported = await apply(`${deployment}/status`, config, 'fieldManager=reporter');
  expect(reported.body.metadata.labels).not.toEqual(labels);
  const { fieldsV1 } = reported.body.metadata.managedFields.find(
    (owner: { manager: string }) => owner.manager === 'reporter',
  );
  expect(fieldsV1).toEqual({ 'f:status': { 'f:replicas': {} } });
});

test('status and scale are applied apart', async () => {
  await apply(deployment, web(2));
  const status = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, status: { replicas: 7 } };
  const reported = await apply(`${deployment}/status`, status, 'fieldManager=reporter');
  expect([reported.status, reported.body.status.replicas]).toEqual([200, 7]);
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web' }, spec: { replicas: 5 } };
  const refused = await apply(`${deployment}/scale`, scale, 'fieldManager=hpa');
  expect(refused.body.message).toBe('Apply failed with 1 conflict: conflict with "a": .spec.replicas');
  const scaled = await apply(`${deployment}/scale`, scale, 'fieldManager=hpa&force=true');
  expect([scaled.status, scaled.body.spec.replicas]).toEqual([200, 5]);
  expect(await owners(deployment)).toEqual(['hpa Apply scale', 'a Apply', 'reporter Apply status']);
  const again = await apply(deployment, web(2));
  expect(again.body.message).toBe(
    'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale": .spec.replicas',
  );
});

test('a part of an object that is not there cannot be applied', async () => {
  const { status } = await apply(`${deployment}/status`, { ...web(1), status: {} });
  expect(status).toBe(404);
});

test.each([
  [
    'nobody says who applies',
    web(1),
    '',
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  ],
  [
    'the name is too long',
    web(1),
    `fieldManager=${'x'.repeat(129)}`,
    422,
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
  ],
  [
    'the name cannot be printed',
    web(1),
    'fieldManager=a%09b',
    422,
    String.raw`PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\tb": invalid character U+0009 (at position 1)`,
  ],
  [
    'it is of another kind',
    { ...web(1), kind: 'ReplicaSet' },
    'fieldManager=a',
    400,
    'invalid object type: apps/v1, Kind=ReplicaSet',
  ],
  [
    'it brings owners',
    { ...web(1), metadata: { name: 'web', managedFields: [{}] } },
    'fieldManager=a',
    400,
    'metadata.managedFields must be nil',
  ],
  [
    'it is another object',
    { ...web(1), metadata: { name: 'other' } },
    'fieldManager=a',
    400,
    'the name of the object (other) does not match the name on the URL (web)',
  ],
  [
    'it names none',
    { ...web(1), metadata: {} },
    'fieldManager=a',
    400,
    'the name of the object (web based on URL) was undeterminable: name must be provided',
  ],
  [
    'it means an object that was',
    { ...web(1), metadata: { name: 'web', uid: 'u' } },
    'fieldManager=a',
    409,
    'Operation cannot be fulfilled on deployments.apps "web": uid mismatch: the provided object specified uid u, and no existing object was found',
  ],
  [
    'it is a list',
    '[]',
    'fieldManager=a',
    400,
    'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  ['it is nothing', '', 'fieldManager=a', 400, 'invalid object type: /, Kind='],
  ['a number is out of range', web(2 ** 40), 'fieldManager=a', 400, expect.stringContaining('cannot unmarshal number')],
])('400 and the like when %s', async (_case, body, query, code, message) => {
  const { status, body: answer } = await apply(deployment, body, query);
  expect([status, answer.message]).toEqual([code, message]);
});

test('unknown fields are refused however strict the client wants it', async () => {
  for (const fieldValidation of ['Ignore', 'Warn', 'Strict']) {
    const config = { ...web(1), spec: { ...web(1).spec, foo: 1 } };
    const { status, body } = await apply(deployment, config, `fieldManager=a&fieldValidation=${fieldValidation}`);
    expect([status, body.message]).toEqual([
      400,
      'failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema',
    ]);
  }
});

test.each([
  ['JSON', '{"apiVersion":"v1","kind":"ConfigMap",\n"metadata":{"name":"c"},\n"data":{"x":"1","x":"2"}}', 3],
  ['YAML', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  x: "1"\n  x: "2"\n', 6],
])('a key twice in %s is an error, a warning or nothing', async (_type, text, line) => {
  const problem = `error converting YAML to JSON: yaml: unmarshal errors:\n  line ${line}: key "x" already set in map`;
  const strict = await apply(configMap, text, 'fieldManager=a&fieldValidation=Strict');
  expect([strict.status, strict.body.message]).toEqual([400, `error strict decoding YAML: ${problem}`]);
  const warned = await apply(configMap, text);
  expect([warned.status, warned.body.data.x]).toEqual([201, '2']);
  expect(warned.headers.warning).toContain(`line ${line}: key \\"x\\" already set in map`);
  const ignored = await apply(configMap, text, 'fieldManager=a&fieldValidation=Ignore');
  expect(ignored.headers.warning).toBeUndefined();
});

test('force belongs to apply only', async () => {
  await apply(configMap, settings({ x: '1' }));
  const { status, body } = await send('PATCH', `${configMap}?force=true`, {}, 'application/merge-patch+json');
  expect([status, body.message]).toEqual([
    422,
    'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
  ]);
});

test('a stale version is a conflict', async () => {
  await apply(configMap, settings({ x: '1' }));
  const { status, body } = await apply(configMap, {
    ...settings({ x: '2' }),
    metadata: { name: 'c', resourceVersion: '1' },
  });
  expect([status, body.message]).toEqual([
    409,
    'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again',
  ]);
});

test('who may change but not create cannot create by applying', async () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch', 'get'] }];
  await send('POST', `${rbac}/roles`, { metadata: { name: 'changer' }, rules });
  await send('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'changer' },
    subjects: [{ kind: 'User', name: 'eve', apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { kind: 'Role', name: 'changer', apiGroup: 'rbac.authorization.k8s.io' },
  });
  const asEve = (data: object) =>
    bed.send('PATCH', `${configMap}?fieldManager=eve`, {
      body: settings(data),
      headers: { 'content-type': 'application/apply-patch+yaml', 'impersonate-user': 'eve' },
    });
  const refused = await asEve({ x: '1' });
  expect([refused.status, refused.body.message]).toEqual([
    403,
    'configmaps "c" is forbidden: User "eve" cannot create resource "configmaps" in API group "" in the namespace "default"',
  ]);
  await apply(configMap, settings({ y: '1' }));
  expect((await asEve({ x: '1' })).status).toBe(200);
});

test('applied at once by twenty, everything arrives', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `k${index}`);
  const replies = await Promise.all(
    names.map((name) => apply(configMap, settings({ [name]: name }), `fieldManager=${name}`)),
  );
  expect(replies.map(({ status }) => status).toSorted((a, b) => b - a)).toEqual([
    201,
    ...names.slice(1).map(() => 200),
  ]);
  const { body } = await bed.send('GET', configMap);
  expect(Object.keys(body.data)).toHaveLength(20);
  expect(body.metadata.managedFields).toHaveLength(20);
});
