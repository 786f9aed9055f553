import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApiTestBed, type ApiTestBed, type Reply } from './api-test-bed.ts';

/** As many as CI has time for; `K2D_FUZZ_REQUESTS=100000` for a long run, `K2D_FUZZ_SEED` to repeat one. */
const requests = Number(process.env['K2D_FUZZ_REQUESTS'] ?? 3000);
const seed = Number(process.env['K2D_FUZZ_SEED'] ?? 20261122);

/** mulberry32: the same requests for the same seed. */
function generator(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(seed);
const below = (n: number): number => Math.floor(random() * n);
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
const maybe = (odds: number): boolean => random() < odds;

const resources = [
  'pods',
  'configmaps',
  'secrets',
  'services',
  'deployments',
  'replicasets',
  'events',
  'nodes',
  'namespaces',
  'endpointslices',
  'serviceaccounts',
  'endpoints',
  'nothing',
  '__proto__',
  'constructor',
];
const groups = [
  '/api/v1',
  '/apis/apps/v1',
  '/apis/discovery.k8s.io/v1',
  '/apis/none/v1',
  '/api',
  '/apis',
  '/api/v2',
  '/openapi/v3',
  '',
];
const names = [
  'a',
  'web',
  '__proto__',
  'constructor',
  '%2e%2e',
  '..%2f..',
  '%00',
  'x'.repeat(300),
  'ünï',
  'a/b',
  '%',
  '*',
  '',
];
const keys = [
  'metadata',
  'spec',
  'status',
  'kind',
  'apiVersion',
  'name',
  'namespace',
  'labels',
  'annotations',
  'data',
  'containers',
  'template',
  'selector',
  'matchLabels',
  'replicas',
  'ports',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  'k'.repeat(5000),
  '',
];
const contentTypes = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
  ';;;',
  'application/json; charset=klingon',
];
const accepts = [
  'application/json',
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/yaml',
  'image/png',
  ';;q=,',
  'application/vnd.kubernetes.protobuf',
];
const queries = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'resourceVersionMatch',
  'dryRun',
  'fieldValidation',
  'fieldManager',
  'force',
  'gracePeriodSeconds',
  'propagationPolicy',
  'pretty',
  'container',
  'tailLines',
  '__proto__',
];
const values = [
  '',
  '0',
  '-1',
  '1',
  '99999999999999999999',
  'true',
  'All',
  'Strict',
  'a=b',
  'a in (b',
  '!a,',
  'metadata.name=x',
  'Exact',
  'NotOlderThan',
  'e30',
  '%7B',
  '\u0000',
  'x'.repeat(2000),
  'Orphan',
  'NaN',
];

function value(depth: number): unknown {
  const kind = below(depth > 0 ? 9 : 6);
  switch (kind) {
    case 0:
      return pick(values);
    case 1:
      return pick([0, -1, 1e308, 2 ** 53, 0.1]);
    case 2:
      return maybe(0.5);
    case 3:
      return null;
    case 4:
      return pick(names);
    case 5:
      return pick(['v1', 'apps/v1', 'Pod', 'Deployment', 'ConfigMap', 'default']);
    case 6:
      return Array.from({ length: below(4) }, () => value(depth - 1));
    default:
      return object(depth - 1);
  }
}

/** Built as text, since `__proto__` in a literal is no key. */
function object(depth: number): unknown {
  const members = Array.from(
    { length: below(6) },
    () => `${JSON.stringify(pick(keys))}:${JSON.stringify(value(depth)) ?? 'null'}`,
  );
  return JSON.parse(`{${members.join(',')}}`);
}

function plausible(): unknown {
  const spec = { containers: [{ name: 'c', image: 'i', [pick(keys)]: value(3) }], [pick(keys)]: value(4) };
  return pick([
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', [pick(keys)]: value(3) }, spec },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-' }, data: value(3) },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: value(3), template: { spec } },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: value(3), [pick(keys)]: value(2) } },
  ]);
}

function body(): string | undefined {
  switch (below(9)) {
    case 0:
      return undefined;
    case 1:
      return '{'.repeat(1 + below(3000));
    case 2:
      return '['.repeat(2000) + ']'.repeat(2000);
    case 3:
      return 'a: &a [*a, *a]\nb: *a';
    case 4:
      return String.fromCharCode(...Array.from({ length: 50 }, () => below(256)));
    case 5:
      return `k8s\u0000${String.fromCharCode(...Array.from({ length: below(200) }, () => below(256)))}`;
    case 6:
      return JSON.stringify(
        Array.from({ length: below(5) }, () => ({
          op: pick(['add', 'remove', 'test', 'move', 'copy', 'x']),
          path: `/${pick(keys)}/${pick(keys)}`,
          from: '/metadata',
          value: value(2),
        })),
      );
    case 7:
      return JSON.stringify(object(6));
    default:
      return JSON.stringify(plausible());
  }
}

function path(): string {
  const namespaced = maybe(0.7) ? `/namespaces/${pick(['default', ...names])}` : '';
  const name = maybe(0.6) ? `/${pick(names)}` : '';
  const sub = maybe(0.2) ? `/${pick(['status', 'scale', 'log', 'finalize', '__proto__', 'x'])}` : '';
  const query = Array.from(
    { length: below(4) },
    () =>
      `${pick(queries)}=${maybe(0.8) ? encodeURIComponent(pick(values)) : pick(values).replaceAll(/[^\x21-\x7e]/g, '')}`,
  );
  const text = `${pick(groups)}${namespaced}/${pick(resources)}${name}${sub}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return text.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent);
}

let bed: ApiTestBed;
let openApiDirectory: string;
beforeAll(async () => {
  openApiDirectory = await mkdtemp(join(tmpdir(), 'k2d-fuzz-'));
  await writeFile(join(openApiDirectory, 'index.json'), '{"paths":{}}');
  bed = await openApiTestBed({ openApiDirectory });
});
afterAll(async () => {
  await bed.close();
  await rm(openApiDirectory, { recursive: true, force: true });
});

/** Success, or a refusal that says what is wrong in Kubernetes' form; unknown paths answer in plain text as kube-apiserver does. */
function problemOf(reply: Reply): string | undefined {
  if (reply.status >= 500 && reply.status !== 504) return `answered ${reply.status}`;
  if (reply.status < 400 || reply.status === 404) return undefined;
  const { kind, status, code, reason } = reply.body as Record<string, unknown>;
  const isStatus = kind === 'Status' && status === 'Failure' && code === reply.status && typeof reason === 'string';
  return isStatus ? undefined : `no Status: ${reply.text.slice(0, 200)}`;
}

it(`answers ${requests} generated requests (seed ${seed}) with success or a well-formed refusal, and stays as it was`, async () => {
  const failures: unknown[] = [];
  const one = async () => {
    const method = pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'POST', 'PATCH', 'OPTIONS']);
    const sent = method === 'GET' ? undefined : body();
    const request = { method, path: path(), contentType: pick(contentTypes), accept: pick(accepts), body: sent };
    const headers = { 'content-type': request.contentType, accept: request.accept };
    const reply = await bed.send(method, request.path, { headers, ...(sent === undefined ? {} : { body: sent }) });
    const problem = problemOf(reply);
    if (problem !== undefined) failures.push({ problem, ...request, body: sent?.slice(0, 500) });
  };
  for (let done = 0; done < requests && failures.length < 5; done += 20) {
    await Promise.all(Array.from({ length: 20 }, one));
  }
  expect(failures).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect((await bed.send('GET', '/readyz')).status).toBe(200);
}, 600_000);
