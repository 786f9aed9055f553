import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeOpenApi } from '../../../../scripts/generate/write-openapi.ts';
import { startCustomResourceDefinitionController } from '../../../domain/controllers/definitions/custom-resource-definition-controller.ts';
import { startGarbageCollector } from '../../../domain/controllers/garbage/garbage-collector.ts';
import { systemClock } from '../../../domain/meta/clock.ts';
import { isStored } from '../../../domain/resources/resource-definition.ts';
import { keyOf, metaOf } from '../../../domain/meta/object-key.ts';
import { silentLogger } from '../../../domain/registry/registry-fixture.ts';
import { customResourceDefinitions } from '../../../domain/resources/custom-resource-definition.ts';
import { namespaces } from '../../../domain/resources/namespace.ts';
import { openApiTestBed, type ApiTestBed, type Reply } from '../../../api/api-test-bed.ts';
import { arbitraryRequest } from './arbitrary-request.ts';
import type { FuzzRequest } from './fuzz-request.ts';
import { definition } from './plausible-object.ts';
import { plausibleRequest } from './plausible-request.ts';
import { problemOf, problemOfLine } from './problem-of.ts';
import { seededRandom } from '../../../domain/meta/seeded-random.ts';

/** As many as CI has time for; `K2D_FUZZ_REQUESTS=100000` for a long run, `K2D_FUZZ_SEED` to repeat one. */
const requests = Number(process.env['K2D_FUZZ_REQUESTS'] ?? 3000);
const seed = Number(process.env['K2D_FUZZ_SEED'] ?? 20261122);
const random = seededRandom(seed);

/** What the first tenth leaves behind (code that is compiled, types that were met) may stay; what comes after may not add much. */
const allowedGrowth = 8 * 1024 * 1024;

/** Milliseconds, on a machine that has much else to do. */
const patience = 120_000 + requests * 30;

let bed: ApiTestBed;
let openApiDirectory: string;
const stop = new AbortController();
beforeAll(async () => {
  openApiDirectory = await mkdtemp(join(tmpdir(), 'k2d-fuzz-'));
  await writeOpenApi(openApiDirectory);
  bed = await openApiTestBed({ openApiDirectory, history: 20 });
  const { registry, catalog } = bed;
  const controllers = { registry, catalog, clock: systemClock, logger: silentLogger, signal: stop.signal };
  void startCustomResourceDefinitionController(controllers);
  void startGarbageCollector(controllers);
});
afterAll(async () => {
  stop.abort();
  await bed.close();
  await rm(openApiDirectory, { recursive: true, force: true });
});

/** A kind of users' own is there again, whatever was done to it. */
async function serveGadgets(): Promise<void> {
  const body = definition({ ...random, maybe: () => false }, (value) => value);
  await bed.send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body,
    headers: { 'content-type': 'application/json' },
  });
}

type Answer = Pick<Reply, 'status' | 'headers' | 'body' | 'text'>;

/** Streams are read until the end of the batch, so that they see what others change. */
async function send(
  { method, path, contentType, accept, body }: FuzzRequest,
  batchEnds: Promise<void>,
): Promise<Answer> {
  const headers = { 'content-type': contentType, accept };
  if (!path.includes('watch=')) return bed.send(method, path, { headers, ...(body === undefined ? {} : { body }) });
  const response = await bed.open(path, headers);
  if (response.statusCode === 200) return watched(response, batchEnds);
  const text = (await response.setEncoding('utf8').toArray()).join('');
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return { status: response.statusCode ?? 0, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}

async function watched(response: IncomingMessage, batchEnds: Promise<void>): Promise<Answer> {
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await Promise.race([batchEnds, once(response, 'end')]);
  response.destroy();
  return { status: 200, headers: response.headers, text, body: text };
}

/** The whole lines of a stream that was cut somewhere. */
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

const failures: unknown[] = [];

async function sendBatch(size: number): Promise<void> {
  const batchEnds = Promise.withResolvers<void>();
  const pending = Array.from({ length: size }, () => {
    const request = random.maybe(0.5) ? arbitraryRequest(random) : plausibleRequest(random);
    const isWatch = request.path.includes('watch=');
    return { isWatch, answered: check(request, batchEnds.promise) };
  });
  await Promise.all(pending.filter(({ isWatch }) => !isWatch).map(({ answered }) => answered));
  batchEnds.resolve();
  await Promise.all(pending.map(({ answered }) => answered));
}

async function check(request: FuzzRequest, batchEnds: Promise<void>): Promise<void> {
  const answer = await send(request, batchEnds);
  const isStream = request.path.includes('watch=') && answer.status === 200;
  const problem = isStream ? linesOf(answer.text).map(problemOfLine).find(Boolean) : problemOf(answer);
  const body = request.body?.toString().slice(0, 500);
  if (problem !== undefined) failures.push({ problem, ...request, body });
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use when all that was created is gone again. */
async function heapWhenEmpty(): Promise<number> {
  const served = bed.catalog.definitions.filter((each) => isStored(each) && each !== namespaces);
  for (const each of served.filter((one) => one.plural !== customResourceDefinitions.plural)) {
    for (const object of bed.registry.all(each)) {
      if (metaOf(object).finalizers !== undefined)
        await bed.registry.update(each, keyOf(object), ({ metadata, ...rest }) => ({
          ...rest,
          metadata: { ...metadata, finalizers: [] },
        }));
      if (bed.registry.find(each, keyOf(object)))
        await bed.registry.delete(each, keyOf(object), { gracePeriodSeconds: 0 });
    }
  }
  for (const object of bed.registry.all(customResourceDefinitions))
    await bed.registry.delete(customResourceDefinitions, keyOf(object));
  await vi.waitFor(() => expect(bed.registry.all(customResourceDefinitions)).toEqual([]));
  bed.logged.length = 0;
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it(
  `answers ${requests} generated requests (seed ${seed}) with success or a well-formed refusal, and stays as it was`,
  async () => {
    let before = 0;
    for (let done = 0; done < requests && failures.length < 5; done += 20) {
      if (done % 200 === 0) await serveGadgets();
      await sendBatch(20);
      if (before === 0 && done >= requests / 10) before = await heapWhenEmpty();
    }
    expect(failures).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect((await bed.send('GET', '/readyz')).status).toBe(200);
    const growth = (await heapWhenEmpty()) - before;
    expect(growth).toBeLessThan(allowedGrowth);
  },
  patience,
);
