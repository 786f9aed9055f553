import { expect, test } from 'vitest';
import { metaOf } from '../meta/object-key.ts';
import type { ConfigMap, KubernetesObject, Pod } from '../meta/types.ts';
import { configMaps } from '../resources/config-map.ts';
import { events } from '../resources/event.ts';
import { pods } from '../resources/pod.ts';
import { memoryObjectStore, openTestRegistry, type TestPlugin } from './registry-fixture.ts';

const key = { namespace: 'default', name: 'p' };
const pod: Pod = { metadata: key, spec: { containers: [{ name: 'c', image: 'i' }] } };

const managers = (object: KubernetesObject) =>
  (metaOf(object).managedFields ?? []).map(({ manager, subresource = '' }) => `${manager} ${subresource}`.trim());

test('what k2d makes of its own belongs to the controllers', async () => {
  const registry = await openTestRegistry();
  expect(managers(await registry.create(pods, pod))).toEqual(['kube-controller-manager']);
});

test('what k2d observes is nobody’s: status, bindings, events', async () => {
  const registry = await openTestRegistry();
  const created = await registry.create(pods, pod);
  const { managedFields } = metaOf(created);
  const running = await registry.update(pods, key, (p) => ({ ...p, status: { phase: 'Running' } }), {
    subresource: 'status',
  });
  expect(metaOf(running).managedFields).toBe(managedFields);
  const bind = (p: Pod): Pod => ({ ...p, spec: { ...p.spec!, nodeName: 'n' } });
  const bound = await registry.update(pods, key, bind, { subresource: 'binding' });
  expect(metaOf(bound).managedFields).toBe(managedFields);
  const event = { metadata: { namespace: 'default', name: 'e' }, involvedObject: {}, reason: 'Started' };
  expect(managers(await registry.create(events, event))).toEqual([]);
});

test('what clients write is theirs, a status too', async () => {
  const registry = await openTestRegistry();
  await registry.create(pods, pod, { fieldManager: 'kubectl-create' });
  const report = (p: Pod): Pod => ({ ...p, status: { phase: 'Running' } });
  const options = { subresource: 'status', fieldManager: 'reporter' };
  expect(managers(await registry.update(pods, key, report, options))).toEqual(['kubectl-create', 'reporter status']);
});

test('owners outlive a restart, but not those of a status', async () => {
  const store = memoryObjectStore();
  const before = await openTestRegistry({ store });
  await before.create(pods, pod, { fieldManager: 'kubectl-create' });
  const report = (p: Pod): Pod => ({ ...p, status: { phase: 'Running' } });
  await before.update(pods, key, report, { subresource: 'status', fieldManager: 'reporter' });
  await before.update(pods, key, (p) => ({ ...p, metadata: { ...p.metadata, labels: { a: 'b' } } }), {
    fieldManager: 'kubectl-label',
  });
  const after = await openTestRegistry({ store });
  expect(managers(after.get(pods, key))).toEqual(['kubectl-create', 'kubectl-label']);
});

test('who owns what is written without a change of time', async () => {
  let now = new Date('2024-01-01T00:00:00Z');
  const registry = await openTestRegistry({ clock: { now: () => now } });
  const object: ConfigMap = { metadata: { namespace: 'default', name: 'c' }, data: { a: '1' } };
  const created = await registry.create(configMaps, object, { fieldManager: 'a' });
  now = new Date('2024-01-01T00:01:00Z');
  const [entry] = metaOf(created).managedFields ?? [];
  const later = (c: ConfigMap): ConfigMap => ({
    ...c,
    metadata: { ...c.metadata, managedFields: [{ ...entry, time: '2024-01-01T00:01:00Z' }] },
  });
  const same = await registry.update(configMaps, { namespace: 'default', name: 'c' }, later, {
    fieldManager: 'a',
    isApplied: true,
  });
  expect(same).toBe(created);
});

test.each([
  ['nothing', undefined],
  ['no list of owners', [{ operation: 'Update', fieldsV1: 1 }]],
  ['no set of fields', [{ operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { bad: 1 } }]],
])('admission that leaves %s of managedFields changes nothing about them', async (_case, managedFields) => {
  const spoil: TestPlugin = {
    name: 'spoil',
    mutate: ({ object }) => ({ ...object, metadata: { ...object?.metadata, managedFields } }) as KubernetesObject,
  };
  const registry = await openTestRegistry({ plugins: [spoil] });
  expect(managers(await registry.create(pods, pod, { fieldManager: 'a' }))).toEqual(['a']);
  const labelled = (p: Pod): Pod => ({ ...p, metadata: { ...p.metadata, labels: { a: 'b' } } });
  expect(managers(await registry.update(pods, key, labelled, { fieldManager: 'b' }))).toEqual(['a', 'b']);
});

test.each([
  ['a manager that is too long', { manager: 'x'.repeat(129) }, 'metadata.managedFields[0].manager: Too long'],
  ['a manager that cannot be printed', { manager: 'a\nb' }, 'metadata.managedFields[0].manager: Invalid value'],
  ['an endpoint that is too long', { subresource: 'x'.repeat(257) }, 'metadata.managedFields[0].subresource: Too long'],
])('%s is refused', async (_case, given, message) => {
  const registry = await openTestRegistry();
  const entry = {
    manager: 'a',
    operation: 'Update',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': {} },
  };
  const object: ConfigMap = { metadata: { namespace: 'default', name: 'c', managedFields: [{ ...entry, ...given }] } };
  await expect(registry.create(configMaps, object, { fieldManager: 'a' })).rejects.toThrow(message);
});
