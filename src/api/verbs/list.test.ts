import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { configMaps } from '../../domain/resources/config-map.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed({ history: 10 });
  for (const name of ['b', 'd', 'a', 'c']) await create(name, { letter: name });
});
afterEach(() => bed.close());

const path = '/api/v1/namespaces/default/configmaps';
const create = (name: string, labels: Record<string, string> = {}) =>
  bed.registry.create(configMaps, { metadata: { name, namespace: 'default', labels }, data: { key: name } });
const get = (query = '', headers: Record<string, string> = {}) => bed.send('GET', `${path}?${query}`, { headers });
const namesOf = ({ body }: { body: { items: { metadata: { name: string } }[] } }) =>
  body.items.map(({ metadata }) => metadata.name);

test('a list is sorted by name and carries the version that it shows', async () => {
  const { body, headers } = await get();
  expect([body.kind, body.apiVersion]).toEqual(['ConfigMapList', 'v1']);
  expect(body.metadata).toEqual({ resourceVersion: String(bed.registry.resourceVersion) });
  expect(namesOf({ body })).toEqual(['a', 'b', 'c', 'd']);
  expect(headers['content-type']).toBe('application/json');
});

test('selectors choose, and bad ones are refused', async () => {
  expect(namesOf(await get('labelSelector=letter+in+(a,c),letter!=c'))).toEqual(['a']);
  expect(namesOf(await get('fieldSelector=metadata.name%3Db'))).toEqual(['b']);
  expect(namesOf(await get('fieldSelector=metadata.name!%3Db,metadata.namespace%3Ddefault'))).toEqual(['a', 'c', 'd']);
  const label = await get('labelSelector=a+b+c');
  expect([label.status, label.body.reason]).toEqual([400, 'BadRequest']);
  const field = await get('fieldSelector=data.key%3Da');
  expect(field.body.message).toBe(
    '"data.key" is not a known field selector: only "metadata.name", "metadata.namespace"',
  );
});

test('pages show one version, whatever happens between them', async () => {
  const first = await get('limit=2');
  expect([namesOf(first), first.body.metadata.remainingItemCount]).toEqual([['a', 'b'], 2]);
  await bed.registry.delete(configMaps, { namespace: 'default', name: 'c' });
  await create('bb');
  await bed.registry.update(configMaps, { namespace: 'default', name: 'd' }, (d) => ({ ...d, data: { key: 'new' } }));
  const second = await get(`limit=2&continue=${first.body.metadata.continue}`);
  expect(namesOf(second)).toEqual(['c', 'd']);
  expect(second.body.items[1].data).toEqual({ key: 'd' });
  expect(second.body.metadata).toEqual({ resourceVersion: first.body.metadata.resourceVersion });
});

test('a page of a selection does not count the rest', async () => {
  const { body } = await get('limit=1&labelSelector=letter');
  expect(body.metadata.continue).toBeTypeOf('string');
  expect(body.metadata).not.toHaveProperty('remainingItemCount');
});

test('a token whose version is forgotten expires with one that goes on without it', async () => {
  const first = await get('limit=2');
  for (let i = 0; i < 11; i++) await create(`later-${i}`);
  const expired = await get(`limit=2&continue=${first.body.metadata.continue}`);
  expect([expired.status, expired.body.reason]).toEqual([410, 'Expired']);
  expect(expired.body.message).toMatch(
    /^The provided continue parameter is too old to display a consistent list result/,
  );
  const rest = await get(`continue=${expired.body.metadata.continue}`);
  expect(namesOf(rest).slice(0, 2)).toEqual(['c', 'd']);
  expect(namesOf(rest)).toHaveLength(13);
});

test('tokens are ours or refused', async () => {
  const { status, body } = await get('continue=abc');
  expect([status, body.message]).toEqual([400, 'continue key is not valid']);
  const token = (await get('limit=1')).body.metadata.continue;
  const both = await get(`continue=${token}&resourceVersion=1`);
  expect(both.body.message).toBe('specifying resource version is not allowed when using continue');
});

test('versions: exactly, at least, too new, too old', async () => {
  const { resourceVersion } = (await get()).body.metadata;
  await create('e');
  expect(namesOf(await get(`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`))).not.toContain('e');
  expect(namesOf(await get(`resourceVersion=${resourceVersion}`))).toContain('e');
  expect(namesOf(await get('resourceVersion=0'))).toContain('e');
  const tooNew = await get('resourceVersion=1000000');
  expect([tooNew.status, tooNew.body.reason, tooNew.headers['retry-after']]).toEqual([504, 'Timeout', '1']);
  expect(tooNew.body.message).toBe(`Too large resource version: 1000000, current: ${bed.registry.resourceVersion}`);
  expect(tooNew.body.details.causes[0].reason).toBe('ResourceVersionTooLarge');
  for (let i = 0; i < 11; i++) await create(`later-${i}`);
  const tooOld = await get(`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`);
  expect([tooOld.status, tooOld.body.message]).toEqual([410, 'The resourceVersion for the provided list is too old.']);
});

test.each([
  ['resourceVersionMatch=Exact', 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
  ['resourceVersionMatch=Exact&resourceVersion=0', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'],
  ['sendInitialEvents=true', 'sendInitialEvents is forbidden for list'],
])('%s is invalid', async (query, text) => {
  const { status, body } = await get(query);
  expect([status, body.reason, body.details.kind, body.details.group]).toEqual([
    422,
    'Invalid',
    'ListOptions',
    'meta.k8s.io',
  ]);
  expect(body.message).toContain(text);
});

test('numbers that are none', async () => {
  expect((await get('limit=many')).body.message).toBe('strconv.ParseInt: parsing "many": invalid syntax');
  expect((await get('resourceVersion=abc')).status).toBe(400);
});

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

test('as a table', async () => {
  const { body } = await get('limit=1', { accept: table });
  expect([body.kind, body.apiVersion, body.metadata.remainingItemCount]).toEqual(['Table', 'meta.k8s.io/v1', 3]);
  expect(
    body.columnDefinitions.map(({ name, type, format, priority }: Record<string, unknown>) => [
      name,
      type,
      format,
      priority,
    ]),
  ).toEqual([
    ['Name', 'string', 'name', 0],
    ['Data', 'string', '', 0],
    ['Age', 'string', '', 0],
  ]);
  expect(body.rows[0].cells.slice(0, 2)).toEqual(['a', 1]);
  expect(body.rows[0].object).toMatchObject({
    kind: 'PartialObjectMetadata',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { name: 'a' },
  });
  const whole = await get('limit=1&includeObject=Object', { accept: table });
  expect(whole.body.rows[0].object).toMatchObject({ kind: 'ConfigMap', data: { key: 'a' } });
  expect((await get('limit=1&includeObject=None', { accept: table })).body.rows[0].object).toBeNull();
});

test('as metadata only', async () => {
  const { body } = await get('', { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' });
  expect([body.kind, body.apiVersion]).toEqual(['PartialObjectMetadataList', 'meta.k8s.io/v1']);
  expect(Object.keys(body.items[0])).toEqual(['kind', 'apiVersion', 'metadata']);
});

test('the first form that can be met wins, and none is 406', async () => {
  const protobufFirst = 'application/vnd.kubernetes.protobuf,application/json';
  expect((await get('', { accept: protobufFirst })).body.kind).toBe('ConfigMapList');
  expect((await get('', { accept: 'application/json;as=Foo;v=v1;g=meta.k8s.io' })).status).toBe(406);
  const yaml = await get('limit=1', { accept: 'application/yaml' });
  expect([yaml.headers['content-type'], yaml.text.split('\n')[0]]).toEqual(['application/yaml', 'kind: ConfigMapList']);
});

test('a long list comes in pieces', async () => {
  const data = { text: 'x'.repeat(50_000) };
  for (const name of ['e', 'f', 'g', 'h']) {
    await bed.registry.create(configMaps, { metadata: { name, namespace: 'default' }, data });
  }
  const reply = await get();
  expect(reply.headers['transfer-encoding']).toBe('chunked');
  expect(namesOf(reply)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});
