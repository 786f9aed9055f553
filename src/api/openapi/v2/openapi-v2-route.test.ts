import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeOpenApi } from '../../../../scripts/generate/write-openapi.ts';
import { catalog } from '../../../domain/resources/catalog.ts';
import { ResourceCatalog } from '../../../domain/resources/resource-catalog.ts';
import { registerOpenApiV2 } from './openapi-v2-route.ts';

let app: FastifyInstance;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'k2d-openapi-v2-'));
  await writeOpenApi(directory);
  app = fastify();
  registerOpenApiV2(app, directory, new ResourceCatalog(catalog));
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

const get = (headers: Record<string, string> = {}) => app.inject({ url: '/openapi/v2', headers });
const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

test('is JSON for who wants nothing else', async () => {
  const response = await get();
  expect(response.headers['content-type']).toMatch(/^application\/json/);
  expect(response.json()).toMatchObject({ swagger: '2.0' });
});

test.each([protobuf, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'])(
  'is protobuf as %s',
  async (type) => {
    const response = await get({ accept: type });
    expect(response.headers['content-type']).toBe(protobuf);
    expect(response.rawPayload.subarray(0, 5).toString('latin1')).toBe('\n\u00032.0');
  },
);

test('is compressed for those who take gzip, and the same document', async () => {
  const plain = await get({ accept: protobuf });
  const compressed = await get({ accept: protobuf, 'accept-encoding': 'gzip' });
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(compressed.rawPayload).equals(plain.rawPayload)).toBe(true);
});

test('has a tag for each form, and is not sent again', async () => {
  const [json, other] = [await get(), await get({ accept: protobuf })];
  expect(json.headers['etag']).not.toBe(other.headers['etag']);
  const again = await get({ accept: protobuf, 'if-none-match': String(other.headers['etag']) });
  expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  expect((await get({ 'if-none-match': String(other.headers['etag']) })).statusCode).toBe(200);
});

test('has no other forms', async () => expect((await get({ accept: 'text/html' })).statusCode).not.toBe(200));
