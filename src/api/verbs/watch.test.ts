import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed, type WatchLine } from '../api-test-bed.ts';
import { configMaps } from '../../domain/resources/config-map.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed({ history: 10 });
});
afterEach(() => bed.close());

const path = '/api/v1/namespaces/default/configmaps';
const create = (name: string, labels: Record<string, string> = {}) =>
  bed.registry.create(configMaps, { metadata: { name, namespace: 'default', labels } });
const label = (name: string, labels: Record<string, string>) =>
  bed.registry.update(configMaps, { namespace: 'default', name }, (c) => ({
    ...c,
    metadata: { ...c.metadata, labels },
  }));
const remove = (name: string) => bed.registry.delete(configMaps, { namespace: 'default', name });

async function take(lines: AsyncGenerator<WatchLine>, count: number): Promise<WatchLine[]> {
  const taken: WatchLine[] = [];
  for (let i = 0; i < count; i++) {
    const { value, done } = await lines.next();
    if (done) break;
    taken.push(value as WatchLine);
  }
  return taken;
}
const shorten = ({ type, object }: WatchLine) => `${type} ${object.metadata?.name}`;

test('headers come at once, though nothing is due', async () => {
  const lines = await bed.stream(`${path}?watch=1&resourceVersion=${bed.registry.resourceVersion}`);
  await create('a');
  expect((await take(lines, 1)).map(shorten)).toEqual(['ADDED a']);
  await lines.return(undefined);
});

test('without a version what there is comes first, and nothing twice', async () => {
  await create('a');
  const lines = await bed.stream(`${path}?watch=true`);
  expect((await take(lines, 1)).map(shorten)).toEqual(['ADDED a']);
  await create('b');
  await remove('a');
  const [added, deleted] = await take(lines, 2);
  expect([added, deleted].map((line) => shorten(line!))).toEqual(['ADDED b', 'DELETED a']);
  expect(Number(deleted?.object.metadata?.resourceVersion)).toBe(bed.registry.resourceVersion);
  await lines.return(undefined);
});

test('from a version on, what happened since comes first', async () => {
  const { metadata } = await create('a');
  await create('b');
  await remove('a');
  const lines = await bed.stream(`${path}?watch=true&resourceVersion=${metadata?.resourceVersion}`);
  expect((await take(lines, 2)).map(shorten)).toEqual(['ADDED b', 'DELETED a']);
  await lines.return(undefined);
});

test('a watch by selectors sees objects come and go', async () => {
  await create('a', { app: 'x' });
  const lines = await bed.stream(`${path}?watch=true&resourceVersion=0&labelSelector=app%3Dx`);
  await label('a', { app: 'y' });
  await create('b', { app: 'y' });
  await label('b', { app: 'x' });
  const seen = await take(lines, 3);
  expect(seen.map(shorten)).toEqual(['ADDED a', 'DELETED a', 'ADDED b']);
  expect(seen[1]?.object.metadata?.labels).toEqual({ app: 'x' });
  await lines.return(undefined);
});

test('a watch of one object', async () => {
  await create('a');
  await create('b');
  const lines = await bed.stream(`${path}?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Db`);
  await label('a', { x: 'y' });
  await remove('b');
  expect((await take(lines, 2)).map(shorten)).toEqual(['ADDED b', 'DELETED b']);
  await lines.return(undefined);
});

test('a list by watch ends with a bookmark that says so', async () => {
  await create('a');
  const version = bed.registry.resourceVersion;
  const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const lines = await bed.stream(`${path}?${query}`);
  const [first, bookmark] = await take(lines, 2);
  expect(shorten(first!)).toBe('ADDED a');
  expect(bookmark).toEqual({
    type: 'BOOKMARK',
    object: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: String(version),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    },
  });
  await lines.return(undefined);
});

test('a watch ends in time, with a last bookmark for who asked', async () => {
  const { resourceVersion } = bed.registry;
  const query = `watch=true&resourceVersion=${resourceVersion}&timeoutSeconds=1`;
  expect(await take(await bed.stream(`${path}?${query}`), 1)).toEqual([]);
  const [last] = await take(await bed.stream(`${path}?${query}&allowWatchBookmarks=true`), 2);
  expect([last?.type, last?.object.metadata?.resourceVersion]).toEqual(['BOOKMARK', String(resourceVersion)]);
});

test('a version that is forgotten is told inside the stream', async () => {
  const { resourceVersion } = (await create('a')).metadata!;
  for (let i = 0; i < 12; i++) await create(`more-${i}`);
  const lines = await bed.stream(`${path}?watch=true&resourceVersion=${resourceVersion}`);
  const [error, ...rest] = await take(lines, 2);
  expect(rest).toEqual([]);
  expect([error?.type, error?.object['code'], error?.object['reason']]).toEqual(['ERROR', 410, 'Expired']);
  expect(error?.object['message']).toMatch(/^too old resource version: \d+ \(\d+\)$/);
});

test('as a table only the first event names the columns', async () => {
  await create('a');
  const lines = await bed.stream(`${path}?watch=true&allowWatchBookmarks=true`, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  });
  const [added, bookmark] = await take(lines, 2);
  expect(added?.object).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 0, expect.any(String)] }] });
  expect(added?.object['columnDefinitions']).toHaveLength(3);
  expect(bookmark?.object).toMatchObject({ kind: 'Table', columnDefinitions: null, rows: [] });
  await lines.return(undefined);
});

test.each([
  ['sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
  [
    'resourceVersionMatch=NotOlderThan',
    'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
  ],
])('%s alone is invalid', async (query, text) => {
  const { status, body } = await bed.send('GET', `${path}?watch=true&${query}`);
  expect([status, body.reason]).toEqual([422, 'Invalid']);
  expect(body.message).toContain(text);
});

test('events keep their order under way', async () => {
  const lines = await bed.stream(`${path}?watch=true&resourceVersion=${bed.registry.resourceVersion}`);
  for (let i = 0; i < 200; i++) {
    await create(`c-${i}`, { big: 'x'.repeat(60) });
    if (i % 5 === 0) expect((await take(lines, i === 0 ? 1 : 5)).at(-1)?.object.metadata?.name).toBe(`c-${i}`);
  }
  await lines.return(undefined);
});

test('the server that stops ends the watch', async () => {
  const lines = await bed.stream(`${path}?watch=true`);
  const end = lines.next();
  await bed.close();
  expect(await end).toEqual({ value: undefined, done: true });
  bed = await openApiTestBed();
});

test('a client that goes leaves nothing behind', async () => {
  const lines = await bed.stream(`${path}?watch=true&allowWatchBookmarks=true`);
  await take(lines, 1);
  await lines.return(undefined);
  await create('a');
  expect(bed.logged.filter((line) => JSON.stringify(line).includes('failed'))).toEqual([]);
});
