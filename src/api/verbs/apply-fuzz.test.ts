import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../../domain/meta/seeded-random.ts';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';

/** `K2D_FUZZ_REQUESTS=20000` for a long run. */
const requests = Math.min(Number(process.env['K2D_FUZZ_REQUESTS'] ?? 600), 20_000);

let bed: ApiTestBed;
beforeAll(async () => {
  bed = await openApiTestBed();
});
afterAll(() => bed.close());

const { below, pick, maybe } = seededRandom(Number(process.env['K2D_FUZZ_SEED'] ?? 7));

const names = [
  'metadata',
  'spec',
  'status',
  'labels',
  'containers',
  'name',
  'ports',
  'containerPort',
  'template',
  'finalizers',
  'managedFields',
];
const odd = ['__proto__', 'constructor', 'toString', '.', 'f:spec', 'k:{', '', 'ü\u2028', 'x'.repeat(5000)];

function value(depth: number): unknown {
  if (depth === 0 || maybe(0.4)) {
    return pick<unknown>([null, true, 0, -1, 1e300, 'a', '', 'x/y', '\u0000', [], {}, [null], [[]], 2 ** 53]);
  }
  const members = Array.from({ length: 1 + below(4) }, () => value(depth - 1));
  if (maybe(0.4)) return members;
  return Object.fromEntries(members.map((member) => [maybe(0.8) ? pick(names) : pick(odd), member]));
}

/** An object with one or two places overwritten by anything. */
function spoiled(object: Record<string, unknown>): unknown {
  const copy = structuredClone(object);
  for (let left = 1 + below(2); left > 0; left--) {
    let at: Record<string, unknown> = copy;
    for (;;) {
      const key = pick([...Object.keys(at), pick(names), pick(odd)]);
      const next = Object.hasOwn(at, key) ? at[key] : undefined;
      if (typeof next !== 'object' || next === null || maybe(0.3)) {
        Object.defineProperty(at, key, { value: value(4), enumerable: true, configurable: true, writable: true });
        break;
      }
      at = next as Record<string, unknown>;
    }
  }
  return copy;
}

const entry = {
  manager: 'm',
  operation: 'Update',
  apiVersion: 'v1',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:data': { 'f:a': {} } },
};
const kinds = [
  {
    path: '/api/v1/namespaces/default/configmaps/c',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', managedFields: [entry] }, data: { a: '1' } },
  },
  {
    path: '/apis/apps/v1/namespaces/default/deployments/d',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', labels: { a: 'b' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] },
        },
      },
    },
  },
];

test('whatever is applied, and whatever owners an object is said to have, the answer is one of Kubernetes’ own', async () => {
  for (let left = requests; left > 0; left--) {
    const { path, object } = pick(kinds);
    const type = pick(['apply-patch+yaml', 'apply-patch+yaml', 'merge-patch+json', '']);
    const force = maybe(0.5) ? '&force=true' : '';
    const query = `fieldManager=${pick(['a', 'b', 'kubectl'])}${type.startsWith('apply') ? force : ''}`;
    const body = maybe(0.2) ? object : spoiled(object);
    const endpoint = pick(['', '', '', '/status', ...(path.includes('deploy') ? ['/scale'] : [])]);
    const reply = await bed.send(type === '' ? 'PUT' : 'PATCH', `${path}${endpoint}?${query}`, {
      body: body as object,
      headers: { 'content-type': `application/${type || 'json'}` },
    });
    const problem = `${reply.status} ${reply.text.slice(0, 300)} for ${JSON.stringify(body)?.slice(0, 500)}`;
    if (reply.status >= 400) expect(reply.body, problem).toMatchObject({ kind: 'Status', status: 'Failure' });
    expect(reply.status, problem).toBeLessThan(500);
  }
  expect(({} as Record<string, unknown>)['f:data']).toBeUndefined();
}, 300_000);
