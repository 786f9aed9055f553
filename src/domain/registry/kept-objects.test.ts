import { expect, it } from 'vitest';
import type { Endpoints, JobStatus, Pod } from '../meta/types.ts';
import { endpoints } from '../resources/endpoints.ts';
import { jobs } from '../resources/job.ts';
import { pods } from '../resources/pod.ts';
import type { ObjectStore } from './object-store.ts';
import { memoryObjectStore, openTestRegistry } from './registry-fixture.ts';

const key = { namespace: 'default', name: 'plc' };
const computed = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
const own: Endpoints = { metadata: key, subsets: [{ addresses: [{ ip: '192.168.1.7' }] }] };

it('keeps what users write, and forgets it when it is deleted', async () => {
  const store = memoryObjectStore();
  const registry = await openTestRegistry({ store });
  await registry.create(endpoints, own);
  expect((await openTestRegistry({ store })).all(endpoints)).toHaveLength(1);
  await registry.delete(endpoints, key);
  expect((await openTestRegistry({ store })).all(endpoints)).toHaveLength(0);
});

it('forgets what a controller took over', async () => {
  const store = memoryObjectStore();
  const registry = await openTestRegistry({ store });
  await registry.create(endpoints, own);
  await registry.update(endpoints, key, (object) => ({
    ...object,
    metadata: { ...object.metadata, labels: computed },
  }));
  expect((await openTestRegistry({ store })).all(endpoints)).toHaveLength(0);
});

it('keeps nothing that is computed', async () => {
  const store = memoryObjectStore();
  const registry = await openTestRegistry({ store });
  await registry.create(endpoints, { ...own, metadata: { ...key, labels: computed } });
  expect((await openTestRegistry({ store })).all(endpoints)).toHaveLength(0);
});

it('keeps how a pod ended, so that it does not run again when its containers are gone', async () => {
  const store = memoryObjectStore();
  const registry = await openTestRegistry({ store });
  const pod: Pod = { metadata: key, spec: { containers: [{ name: 'c', image: 'i:1' }] } };
  await registry.create(pods, pod);
  const phase = (next: string) =>
    registry.update(pods, key, (p) => ({ ...p, status: { ...p.status, phase: next } }), { subresource: 'status' });
  const kept = async () => (await openTestRegistry({ store })).get(pods, key).status?.phase;
  await phase('Running');
  expect(await kept()).toBe('Pending');
  await phase('Failed');
  expect(await kept()).toBe('Failed');
});

it('keeps what a Job has counted, and writes nothing when its pods only get ready', async () => {
  const kept = memoryObjectStore();
  let writes = 0;
  const put: ObjectStore['put'] = (...object) => {
    writes += 1;
    return kept.put(...object);
  };
  const registry = await openTestRegistry({ store: { ...kept, put } });
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } };
  await registry.create(jobs, { metadata: key, spec: { template } });
  const show = (status: JobStatus) =>
    registry.update(jobs, key, (job) => ({ ...job, status: { ...job.status, ...status } }), { subresource: 'status' });
  await show({ succeeded: 1, active: 1, ready: 0 });
  const before = writes;
  await show({ ready: 1 });
  expect(writes).toBe(before);
  expect((await openTestRegistry({ store: kept })).get(jobs, key).status).toEqual({ succeeded: 1 });
});
