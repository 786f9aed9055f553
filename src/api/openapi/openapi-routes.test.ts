import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeOpenApi } from '../../../scripts/generate/write-openapi.ts';
import { catalog } from '../../domain/resources/catalog.ts';
import { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { registerOpenApi } from './openapi-routes.ts';

let app: FastifyInstance;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'k2d-openapi-'));
  await writeOpenApi(directory);
  app = fastify();
  registerOpenApi(app, directory, new ResourceCatalog(catalog));
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
const urlOf = async (path: string): Promise<string> =>
  (await get('/openapi/v3')).json<{ paths: Record<string, { serverRelativeURL: string }> }>().paths[path]
    ?.serverRelativeURL ?? '';

test('the index names a document for each group version, and is revalidated by its tag', async () => {
  const index = await get('/openapi/v3');
  expect(Object.keys(index.json<{ paths: object }>().paths)).toEqual(
    expect.arrayContaining(['api/v1', 'apis/apps/v1']),
  );
  const again = await get('/openapi/v3', { 'if-none-match': String(index.headers['etag']) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('a document under its hash is kept for a year', async () => {
  const response = await get(await urlOf('apis/apps/v1'));
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('public, immutable, max-age=31536000');
  expect(response.headers['content-encoding']).toBeUndefined();
  const document = response.json<{ paths: object; components: { schemas: object } }>();
  expect(Object.keys(document.paths)).toContain('/apis/apps/v1/namespaces/{namespace}/deployments/{name}');
  expect(Object.keys(document.components.schemas)).toContain('io.k8s.api.apps.v1.Deployment');
  const again = await get(await urlOf('apis/apps/v1'), { 'if-none-match': `W/${String(response.headers['etag'])}` });
  expect(again.statusCode).toBe(304);
});

test('without a hash it is served, but not to be kept', async () => {
  const response = await get('/openapi/v3/api/v1');
  expect([response.statusCode, response.headers['cache-control']]).toEqual([200, undefined]);
});

test('another hash leads to the right one', async () => {
  const response = await get('/openapi/v3/apis/apps/v1?hash=AB');
  expect([response.statusCode, response.headers['location']]).toEqual([301, await urlOf('apis/apps/v1')]);
});

test('compressed for those who take gzip, and the same document', async () => {
  const plain = await get('/openapi/v3/api/v1');
  const compressed = await get('/openapi/v3/api/v1', { 'accept-encoding': 'br, gzip;q=0.5' });
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(compressed.rawPayload).toString()).toBe(plain.body);
  const refused = await get('/openapi/v3/api/v1', { 'accept-encoding': 'gzip;q=0' });
  expect(refused.headers['content-encoding']).toBeUndefined();
});

test.each(['apis/none/v1', '../index', '__proto__', '%2e%2e/index', ''])('%j is not there', async (path) => {
  expect((await get(`/openapi/v3/${path}`)).statusCode).toBe(404);
});

test('only JSON is served', async () => {
  const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';
  expect((await get('/openapi/v3/api/v1', { accept: protobuf })).statusCode).not.toBe(200);
  expect((await get('/openapi/v3/api/v1', { accept: `${protobuf}, application/json` })).statusCode).toBe(200);
});
