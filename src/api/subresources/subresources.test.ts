import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openApiTestBed, type ApiTestBed } from '../api-test-bed.ts';
import { protobufBody } from '../codec/protobuf-fixture.ts';
import type { KubernetesObject, PodStatus } from '../../domain/meta/types.ts';
import { pods } from '../../domain/resources/pod.ts';
import type { VerbContext } from '../verb.ts';

let bed: ApiTestBed;
const asked: unknown[] = [];
const kubelet: Pick<VerbContext['kubelet'], 'logs'> = {
  logs: async (_pod, container, options, signal) => {
    if (container === 'endless') return endless();
    if (container === 'broken') return broken();
    return container === 'started' ? entries(options, signal) : undefined;
  },
};
let written = 0;
async function* endless() {
  try {
    for (;;) {
      await new Promise(setImmediate);
      written += 1;
      yield { stream: 'stdout' as const, time: new Date(0), timestamp: '', line: Buffer.alloc(50_000, 'x') };
    }
  } finally {
    asked.push('left');
  }
}
async function* broken(): ReturnType<typeof endless> {
  yield { stream: 'stdout', time: new Date(0), timestamp: '', line: Buffer.from('one') };
  throw new Error('the engine is gone');
}
async function* entries(options: { follow: boolean }, signal: AbortSignal) {
  asked.push(options);
  const entry = (stream: 'stdout' | 'stderr', line: string) => ({
    stream,
    time: new Date(0),
    timestamp: '1970-01-01T00:00:00.000000001Z',
    line: Buffer.from(line),
  });
  yield entry('stdout', 'one');
  yield entry('stderr', 'two');
  if (!options.follow) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  asked.push('gone');
}

beforeEach(async () => {
  asked.length = 0;
  bed = await openApiTestBed({ kubelet });
});
afterEach(() => bed.close());

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const podsPath = '/api/v1/namespaces/default/pods';
const json = { 'content-type': 'application/json' };
const merge = { 'content-type': 'application/merge-patch+json' };

const createDeployment = () =>
  bed.send('POST', deployments, {
    headers: json,
    body: {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { b: '2', a: '1' } },
        template: { metadata: { labels: { a: '1', b: '2' } }, spec: { containers: [{ name: 'c', image: 'i:1' }] } },
      },
      status: { replicas: 7 },
    },
  });

test('status is written through its own endpoint only', async () => {
  const { body: created } = await createDeployment();
  expect(created.status?.replicas).toBeUndefined();
  const withStatus = { ...created, spec: { ...created.spec, replicas: 9 }, status: { replicas: 1 } };
  const main = await bed.send('PUT', `${deployments}/web`, { body: withStatus });
  expect([main.body.spec.replicas, main.body.status?.replicas]).toEqual([9, undefined]);
  const status = await bed.send('PATCH', `${deployments}/web/status`, {
    headers: merge,
    body: { spec: { replicas: 1 }, status: { replicas: 3 } },
  });
  expect([status.body.spec.replicas, status.body.status.replicas]).toEqual([9, 3]);
  expect((await bed.send('GET', `${deployments}/web/status`)).body).toEqual(status.body);
});

test('scale is shown in columns of its own', async () => {
  await createDeployment();
  const { body } = await bed.send('GET', `${deployments}/web/scale`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  expect(body['columnDefinitions']).toMatchObject(['Name', 'Desired', 'Available', 'Age'].map((name) => ({ name })));
  expect(body['rows']).toMatchObject([{ cells: ['web', 2, 0, expect.any(String)] }]);
});

test('scale is the autoscaling view of it', async () => {
  const { body: created } = await createDeployment();
  const { uid, creationTimestamp, resourceVersion } = created.metadata;
  const { body: scale } = await bed.send('GET', `${deployments}/web/scale`);
  expect(scale).toEqual({
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name: 'web', namespace: 'default', uid, creationTimestamp, resourceVersion },
    spec: { replicas: 2 },
    status: { replicas: 0, selector: 'a=1,b=2' },
  });
  const patched = await bed.send('PATCH', `${deployments}/web/scale`, {
    headers: merge,
    body: { spec: { replicas: 5 } },
  });
  expect([patched.status, patched.body.spec.replicas]).toEqual([200, 5]);
  const stale = await bed.send('PUT', `${deployments}/web/scale`, { body: { ...scale, spec: { replicas: 1 } } });
  expect([stale.status, stale.body.reason]).toEqual([409, 'Conflict']);
  const put = await bed.send('PUT', `${deployments}/web/scale`, { body: { ...patched.body, spec: { replicas: 0 } } });
  expect([put.status, (await bed.send('GET', `${deployments}/web`)).body.spec.replicas]).toEqual([200, 0]);
  const negative = await bed.send('PATCH', `${deployments}/web/scale`, {
    headers: merge,
    body: { spec: { replicas: -1 } },
  });
  expect([negative.status, negative.body.message]).toEqual([
    422,
    'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ]);
});

test('a namespace goes when its last finalizer does', async () => {
  await bed.send('POST', '/api/v1/namespaces', { headers: json, body: { metadata: { name: 'plant' } } });
  await bed.send('DELETE', '/api/v1/namespaces/plant');
  const waiting = await bed.send('GET', '/api/v1/namespaces/plant');
  expect(waiting.body.status.phase).toBe('Terminating');
  const finalized = await bed.send('PUT', '/api/v1/namespaces/plant/finalize', {
    body: { ...waiting.body, spec: { finalizers: [] } },
  });
  expect([finalized.status, (await bed.send('GET', '/api/v1/namespaces/plant')).status]).toEqual([200, 404]);
});

test('what is no subresource', async () => {
  await createDeployment();
  expect((await bed.send('GET', `${deployments}/web/log`)).status).toBe(404);
  expect((await bed.send('GET', '/api/v1/namespaces/default/configmaps/a/status')).status).toBe(404);
  expect((await bed.send('DELETE', `${deployments}/web/scale`)).status).toBe(405);
});

const container = (name: string) => ({ name, image: 'busybox:1' });
async function createPod(names: string[], status?: PodStatus): Promise<void> {
  const key = { namespace: 'default', name: 'p' };
  await bed.registry.create(pods, { metadata: key, spec: { containers: names.map(container) } });
  if (status) await bed.registry.update(pods, key, (pod) => ({ ...pod, status }), { subresource: 'status' });
}
const log = (query = '') => bed.send('GET', `${podsPath}/p/log?${query}`);

test('logs are plain text, as asked for', async () => {
  await createPod(['started', 'b']);
  const { status, text, headers } = await log('container=started');
  expect([status, text, headers['content-type']]).toEqual([200, 'one\ntwo\n', 'text/plain']);
  expect((await log('container=started&timestamps=true&limitBytes=34')).text).toBe(
    '1970-01-01T00:00:00.000000001Z one',
  );
  expect((await log('container=started&stream=Stderr')).text).toBe('two\n');
  await log('container=started&tailLines=5&sinceTime=2024-01-01T00:00:00Z');
  expect(asked.at(-1)).toEqual({ follow: false, tail: 5, since: new Date('2024-01-01T00:00:00Z') });
});

test('a followed log goes on until its client goes', async () => {
  await createPod(['started']);
  const response = await bed.open(`${podsPath}/p/log?follow=true`);
  const [piece] = await response.take(1).toArray();
  expect(String(piece)).toBe('one\ntwo\n');
  response.destroy();
  await expect.poll(() => asked.at(-1)).toBe('gone');
});

test('logs that cannot be', async () => {
  const waiting = {
    name: 'b',
    image: 'i',
    imageID: '',
    ready: false,
    restartCount: 0,
    state: { waiting: { reason: 'ContainerCreating' } },
  };
  await createPod(['a', 'b'], { containerStatuses: [waiting] });
  const message = async (query = '') => {
    const { status, body } = await log(query);
    return `${status} ${body.message}`;
  };
  expect(await message()).toBe('400 a container name must be specified for pod p, choose one of: [a b]');
  expect(await message('container=c')).toBe('400 container c is not valid for pod p');
  expect(await message('container=b')).toBe('400 container "b" in pod "p" is waiting to start: ContainerCreating');
  expect(await message('container=a&previous=true')).toBe('400 previous terminated container "a" in pod "p" not found');
  expect(await message('container=a&tailLines=-1&sinceSeconds=0')).toBe(
    '422 PodLogOptions "p" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, sinceSeconds: Invalid value: 0: must be greater than 0]',
  );
  expect((await bed.send('GET', `${podsPath}/none/log`)).body.message).toBe('pods "none" not found');
});

test('a client that does not read holds the log up, and nothing piles up', async () => {
  await createPod(['endless']);
  const response = await bed.open(`${podsPath}/p/log?follow=true`);
  response.pause();
  const grown = async () => {
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return written - before;
  };
  await expect.poll(grown).toBe(0);
  expect(written).toBeLessThan(400);
  response.destroy();
  await expect.poll(() => asked.at(-1)).toBe('left');
});

test('a log that breaks off cuts the connection and leaves a line in ours', async () => {
  await createPod(['broken']);
  await expect(log()).rejects.toThrow('aborted');
  expect(bed.logged.at(-1)).toMatchObject({ message: 'a reply broke off', path: `${podsPath}/p/log` });
});

describe('an eviction', () => {
  const path = '/api/v1/namespaces/default/pods/web';
  const evict = (name: string, rest: object = {}, query = '') =>
    bed.send('POST', `${path}/eviction${query}`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' }, ...rest },
      headers: { 'content-type': 'application/json' },
    });
  beforeEach(() =>
    bed.registry.create(pods, {
      metadata: { namespace: 'default', name: 'web' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    }),
  );
  const find = () => bed.registry.find(pods, { namespace: 'default', name: 'web' });

  test('deletes the pod', async () => {
    const { status, body } = await evict('web', { deleteOptions: { gracePeriodSeconds: 0 } });
    expect([status, body]).toEqual([
      201,
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
    ]);
    expect(find()).toBeUndefined();
  });

  test('is read from protobuf too', async () => {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } };
    const reply = await bed.send('POST', `${path}/eviction`, {
      body: protobufBody({ ...eviction, deleteOptions: { gracePeriodSeconds: 0 } } as KubernetesObject),
      headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    });
    expect([reply.status, find()]).toEqual([201, undefined]);
  });

  test.each([
    ['in the query', {}, '?dryRun=All'],
    ['in its options', { deleteOptions: { dryRun: ['All'] } }, ''],
  ])('with a dry run %s leaves it', async (_where, rest, query) => {
    expect((await evict('web', rest, query)).status).toBe(201);
    expect(find()?.metadata).not.toHaveProperty('deletionTimestamp');
  });

  test.each([
    ['of another pod', 'other', {}, 400, 'name in URL does not match name in Eviction object'],
    [
      'of an earlier pod',
      'web',
      { deleteOptions: { preconditions: { uid: 'x' } } },
      409,
      'the UID in the precondition (x) does not match',
    ],
    [
      'with a policy that there is not',
      'web',
      { deleteOptions: { propagationPolicy: 'Later' } },
      422,
      'Unsupported value: "Later"',
    ],
  ])('%s is refused', async (_what, name, rest, code, message) => {
    const { status, body } = await evict(name, rest);
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)]);
    expect(find()).toBeDefined();
  });

  test('of a pod that is not there is 404', async () => {
    await bed.registry.delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 0 });
    expect((await evict('web')).status).toBe(404);
  });
});
