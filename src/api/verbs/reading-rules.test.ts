import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { clusterRoleBindings } from '../../domain/resources/cluster-role-binding.ts';
import { clusterRoles } from '../../domain/resources/cluster-role.ts';
import { configMaps } from '../../domain/resources/config-map.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';
import { openApiTestBed, type ApiTestBed, type WatchLine } from '../api-test-bed.ts';

let bed: ApiTestBed;
let versions: number[];
beforeEach(async () => {
  bed = await openApiTestBed({ history: 10 });
  versions = [];
  for (const name of ['a', 'b', 'c', 'd']) versions.push(await create(name));
});
afterEach(() => bed.close());

const path = '/api/v1/namespaces/default/configmaps';
const create = async (name: string): Promise<number> =>
  Number(
    (await bed.registry.create(configMaps, { metadata: { namespace: 'default', name, labels: { name } } })).metadata
      ?.resourceVersion,
  );
const get = (query: string, accept = 'application/json') =>
  bed.send('GET', `${path}?${query}`, { headers: { accept } });
const namesOf = ({ body }: { body: { items: { metadata: { name: string } }[] } }) =>
  body.items.map(({ metadata }) => metadata.name).join('');

/** The table of protocol versions: what a list of four objects shows when it is asked after the second was there. */
describe('a list', () => {
  test.each([
    ['without a version', () => '', 'abcd'],
    ['not older than nothing', () => 'resourceVersion=0&resourceVersionMatch=NotOlderThan', 'abcd'],
    ['not older than a version', (v: number) => `resourceVersion=${v}&resourceVersionMatch=NotOlderThan`, 'abcd'],
    ['of a version', (v: number) => `resourceVersion=${v}`, 'abcd'],
    ['of just a version', (v: number) => `resourceVersion=${v}&resourceVersionMatch=Exact`, 'ab'],
    ['of a version with a limit', (v: number) => `resourceVersion=${v}&limit=9`, 'ab'],
    [
      'not older than a version with a limit',
      (v: number) => `resourceVersion=${v}&limit=9&resourceVersionMatch=NotOlderThan`,
      'abcd',
    ],
    ['of version 0 with a limit', () => 'resourceVersion=0&limit=9', 'abcd'],
  ])('%s', async (_what, query, names) => expect(namesOf(await get(query(versions[1]!)))).toBe(names));

  test.each([
    ['resourceVersionMatch=Exact&continue=e30', 'resourceVersionMatch is forbidden when continue is provided'],
    ['resourceVersionMatch=Newest&resourceVersion=1', 'resourceVersionMatch: Unsupported value: "Newest"'],
    ['sendInitialEvents=false', 'sendInitialEvents is forbidden for list'],
  ])('%s is invalid', async (query, text) => {
    const { status, body } = await get(query);
    expect([status, body.message]).toEqual([422, expect.stringContaining(text)]);
  });

  test.each(['NotOlderThan', 'Exact'])('of a version that is still to come is 504 with %s', async (match) => {
    const { status, body } = await get(`resourceVersion=1000&resourceVersionMatch=${match}`);
    expect([status, body.reason, body.details.retryAfterSeconds]).toEqual([504, 'Timeout', 1]);
  });

  test('goes on inconsistently in pages that agree with each other again', async () => {
    const first = await get('limit=1');
    for (let i = 0; i < 11; i++) await create(`later-${i}`);
    const expired = await get(`limit=1&continue=${first.body.metadata.continue}`);
    expect(expired.body.code).toBe(410);
    const second = await get(`limit=2&continue=${expired.body.metadata.continue}`);
    expect(namesOf(second)).toBe('bc');
    expect(second.body.metadata.resourceVersion).toBe(String(bed.registry.resourceVersion));
    await create('e');
    const rest = await get(`continue=${second.body.metadata.continue}`);
    expect(namesOf(rest)).not.toContain('e0');
    expect(rest.body.metadata.resourceVersion).toBe(second.body.metadata.resourceVersion);
    expect(rest.body.items.map((each: { metadata: { name: string } }) => each.metadata.name)).not.toContain('e');
  });
});

const watchList = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
async function first(count: number, query: string, accept = 'application/json'): Promise<WatchLine[]> {
  const lines: WatchLine[] = [];
  for await (const line of await bed.stream(`${path}?${query}`, { accept })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

describe('a list by watch', () => {
  test('without bookmarks has none', async () => {
    const lines = await first(4, `${watchList}&timeoutSeconds=1`);
    expect(lines.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'ADDED']);
  });

  test('can begin without what there is', async () => {
    const query = `watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=${versions[2]}`;
    expect((await first(1, query)).map(({ object }) => object.metadata?.name)).toEqual(['d']);
  });

  test('of a version that is still to come is 504', async () => {
    const { status, body } = await get(`${watchList}&resourceVersion=1000`);
    expect([status, body.details.causes[0].reason]).toEqual([504, 'ResourceVersionTooLarge']);
  });

  test('exactly is invalid', async () => {
    const { status, body } = await get('watch=true&sendInitialEvents=true&resourceVersionMatch=Exact');
    expect([status, body.message]).toEqual([422, expect.stringContaining('Unsupported value: "Exact"')]);
  });

  test('of metadata only ends with the bookmark that says so: what metadata informers wait for', async () => {
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';
    const lines = await first(5, `${watchList}&allowWatchBookmarks=true`, accept);
    expect(lines.map(({ object }) => object.kind)).toEqual(Array(5).fill('PartialObjectMetadata'));
    expect(Object.keys(lines[0]!.object).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect([lines[4]?.type, lines[4]?.object.metadata]).toEqual([
      'BOOKMARK',
      {
        resourceVersion: String(versions[3]),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    ]);
  });
});

describe('a watch as a client wants to see it', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';

  test('by selector, as a table, tells who comes and who goes', async () => {
    const lines = await bed.stream(`${path}?watch=true&labelSelector=name%3Da`, { accept: table });
    const seen = [(await lines.next()).value as WatchLine];
    await bed.registry.update(configMaps, { namespace: 'default', name: 'a' }, (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { name: 'z' } },
    }));
    seen.push((await lines.next()).value as WatchLine);
    await lines.return(undefined);
    expect(seen.map(({ type, object }) => [type, (object['rows'] as { cells: unknown[] }[])[0]?.cells[0]])).toEqual([
      ['ADDED', 'a'],
      ['DELETED', 'a'],
    ]);
    expect(seen.map(({ object }) => object['columnDefinitions'] === null)).toEqual([false, true]);
  });

  test('an error is a Status in every form', async () => {
    for (let i = 0; i < 12; i++) await create(`later-${i}`);
    for (const accept of [table, partial]) {
      const [line] = await first(1, `watch=true&resourceVersion=${versions[0]}`, accept);
      expect([line?.type, line?.object.kind, line?.object['code']]).toEqual(['ERROR', 'Status', 410]);
    }
  });

  test.each([
    [table, 'Table'],
    [partial, 'PartialObjectMetadata'],
  ])('over a WebSocket as %s', async (accept, kind) => {
    const socket = new WebSocket(`wss://127.0.0.1:${bed.port}${path}?watch=true`, [], {
      rejectUnauthorized: false,
      headers: { accept, authorization: `Bearer ${await administratorToken()}` },
    });
    const [message] = (await once(socket, 'message')) as [Buffer];
    const line = JSON.parse(String(message)) as WatchLine;
    socket.terminate();
    expect([line.type, line.object.kind]).toEqual(['ADDED', kind]);
  });
});

async function administratorToken(): Promise<string> {
  const account = { namespace: 'default', name: 'admin' };
  const { metadata } = await bed.registry.create(serviceAccounts, { metadata: account });
  const metaOfRole = { metadata: { name: 'all' } };
  await bed.registry.create(clusterRoles, {
    ...metaOfRole,
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  });
  await bed.registry.create(clusterRoleBindings, {
    ...metaOfRole,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  });
  const serviceAccount = { name: 'admin', uid: metadata?.uid ?? '' };
  return bed.tokens.issue({ namespace: 'default', serviceAccount, expirationSeconds: 600 }).token;
}
