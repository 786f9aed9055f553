import { afterEach, beforeEach, expect, test } from 'vitest';
import { resourceQuota } from '../domain/admission/resource-quota.ts';
import { systemClock } from '../domain/meta/clock.ts';
import { openApiTestBed, type ApiTestBed } from './api-test-bed.ts';

let bed: ApiTestBed;
beforeEach(async () => {
  bed = await openApiTestBed({ admission: [resourceQuota({ clock: systemClock })] });
});
afterEach(() => bed.close());

const base = '/api/v1/namespaces/default';
const post = (resource: string, body: object) =>
  bed.send('POST', `${base}/${resource}`, { body, headers: { 'content-type': 'application/json' } });

test('of many writes at once no more get through than there is room for, and room that is given back is used', async () => {
  await post('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { configmaps: '3' } } });
  const create = (name: string) => post('configmaps', { metadata: { name } });
  const replies = await Promise.all(Array.from({ length: 10 }, (_each, index) => create(`c${index}`)));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = replies.find(({ status }) => status === 403);
  expect(refused?.body).toMatchObject({ reason: 'Forbidden', details: { kind: 'configmaps' } });
  expect(refused?.body.message).toMatch(
    /^configmaps "c\d" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=3, limited: configmaps=3$/,
  );
  const stored = (await bed.send('GET', `${base}/configmaps`)).body.items[0].metadata.name as string;
  await bed.send('DELETE', `${base}/configmaps/${stored}`);
  expect((await create('again')).status).toBe(201);
  expect((await create('more')).status).toBe(403);
});

test('a refused write takes no room', async () => {
  await post('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { configmaps: '2' } } });
  expect((await post('configmaps', { metadata: { name: 'Wrong' } })).status).toBe(422);
  expect((await post('configmaps', { metadata: { name: 'dry' } })).status).toBe(201);
  expect((await post('configmaps', { metadata: { name: 'dry' } })).status).toBe(409);
  expect((await post('configmaps', { metadata: { name: 'more' } })).status).toBe(201);
  // As in Kubernetes, admission is asked before whether the name is free.
  expect((await post('configmaps', { metadata: { name: 'dry' } })).status).toBe(403);
});
