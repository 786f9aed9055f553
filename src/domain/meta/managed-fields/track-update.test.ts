import { expect, test } from 'vitest';
import type { JsonObject } from '../patch/json-value.ts';
import { ManagedObject } from './managed-fields-fixture.ts';
import { endpointFields } from './endpoint-fields.ts';
import { cpuTimeOf } from '../cpu-time-fixture.ts';

const data =
  (entries: JsonObject) =>
  (current: JsonObject): JsonObject => ({
    ...current,
    metadata: { name: 'c', uid: 'u', ...(current.metadata as object) },
    data: entries,
  });

const withMeta =
  (metadata: JsonObject) =>
  (current: JsonObject): JsonObject => ({
    ...current,
    metadata: { ...(current.metadata as object), ...metadata },
  });

function configMap(): ManagedObject {
  const object = new ManagedObject('v1', 'ConfigMap');
  object.update('a', data({ x: '1', y: '1' }));
  return object;
}

test('who creates an object owns all of it, but for what the server decides', () => {
  expect(configMap().owners).toEqual({ 'a Update 1': '.data .data.x .data.y' });
});

test('who changes or adds a field owns it alone', () => {
  const object = configMap();
  object.update('b', data({ x: '2', y: '1', z: '1' }));
  expect(object.owners).toEqual({ 'a Update 1': '.data .data.y', 'b Update 2': '.data.x .data.z' });
});

test('a field that is gone is nobody’s, and so is who owned nothing else', () => {
  const object = configMap();
  object.update('b', data({ x: '1', y: '1', z: '1' }));
  object.update('c', data({ x: '1' }));
  expect(object.owners).toEqual({ 'a Update 1': '.data .data.x' });
});

test('a write that changes nothing keeps every entry as it is', () => {
  const object = configMap();
  const before = object.object.metadata?.managedFields;
  object.update('b', (current) => structuredClone(current));
  expect(object.object.metadata?.managedFields).toEqual(before);
  object.update('b', (current) => ({ ...current }));
  object.update('b', withMeta({ resourceVersion: '9', generation: 3 }));
  expect(object.owners).toEqual({ 'a Update 1': '.data .data.x .data.y' });
});

test('a list that moves around what it holds has not changed', () => {
  const object = new ManagedObject('v1', 'Pod');
  const containers = [
    { name: 'a', image: 'i' },
    { name: 'b', image: 'i' },
  ];
  object.update('a', () => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } }));
  object.update('b', (current) => ({ ...current, spec: { containers: containers.toReversed() } }));
  expect(Object.keys(object.owners)).toEqual(['a Update 1']);
});

test('structs that Go always writes never come or go', () => {
  const object = new ManagedObject('apps/v1', 'Deployment');
  const template = { spec: { containers: [{ name: 'a' }] } };
  object.update('a', () => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { template },
  }));
  expect(object.owners).toEqual({
    'a Update 1':
      '.spec.template.spec.containers[name="a"] .spec.template.spec.containers[name="a"].name .spec.template.spec.containers[name="a"].resources',
  });
  object.update('b', (current) => ({ ...current, spec: { template, strategy: { type: 'Recreate' } } }));
  expect(object.owners['b Update 2']).toBe('.spec.strategy.type');
});

test('the status is written through its endpoint, and owned there', () => {
  const object = new ManagedObject('v1', 'Pod');
  object.update('a', () => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { hostNetwork: true },
    status: { phase: 'x' },
  }));
  object.update('kubelet', (current) => ({ ...current, status: { phase: 'Running' } }), {
    subresource: 'status',
    ownable: endpointFields('status'),
  });
  expect(object.owners).toEqual({
    'a Update 1': '.spec.hostNetwork',
    'kubelet Update/status 2': '.status.phase',
  });
});

test.each([[[]], [[{}]]])('managedFields %j forget everything, until something is applied', (managedFields) => {
  const object = configMap();
  object.update('a', withMeta({ managedFields }));
  expect(object.owners).toEqual({});
  object.update('b', data({ x: '2' }));
  expect(object.owners).toEqual({});
  object.apply('c', { metadata: { name: 'c' }, data: { z: '1' } });
  expect(object.owners).toEqual({ 'c Apply 4': '.data.z', 'before-first-apply Update 4': '.data .data.x' });
});

test('clients may write managedFields; what cannot be read is not taken', () => {
  const object = configMap();
  const entry = {
    manager: 'z',
    operation: 'Update',
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:data': { 'f:y': {} } },
  };
  object.update('a', withMeta({ managedFields: [{ ...entry, fieldsV1: { bad: {} } }] }));
  expect(object.owners).toEqual({ 'a Update 1': '.data .data.x .data.y' });
  object.update('a', withMeta({ managedFields: [entry] }));
  expect(object.owners).toEqual({ 'z Update never': '.data.y' });
  object.update('b', withMeta({ managedFields: [{ ...entry, manager: 'other' }], labels: { l: '1' } }), {
    subresource: 'status',
  });
  expect(object.owners).toEqual({
    'z Update never': '.data.y',
    'b Update/status 4': '.metadata.labels .metadata.labels.l',
  });
});

test('who owns fields in a version that is not served is forgotten', () => {
  const object = configMap();
  const [entry] = object.object.metadata?.managedFields ?? [];
  object.object.metadata!.managedFields = [{ ...entry, apiVersion: 'v1beta1' }, entry!];
  object.update('b', data({ x: '2', y: '1' }));
  expect(object.object.metadata?.managedFields?.map(({ apiVersion }) => apiVersion)).toEqual(['v1', 'v1']);
  object.object.metadata!.managedFields = [{ ...entry, apiVersion: 'v1beta1' }, entry!];
  object.update('b', data({ x: '3', y: '1' }), { isServed: () => true });
  expect(object.object.metadata?.managedFields).toHaveLength(3);
});

test('the oldest of more than ten writers become one', () => {
  const object = configMap();
  const keys = 'abcdefghijkl'.split('');
  for (const [index] of keys.entries()) {
    const entries = Object.fromEntries(keys.slice(0, index + 1).map((key) => [key, '1']));
    object.update(`writer-${index}`, data({ x: '1', y: '1', ...entries }), {
      time: `2024-01-01T01:${String(index).padStart(2, '0')}:00Z`,
    });
  }
  const managers = object.object.metadata?.managedFields?.map(({ manager }) => manager);
  expect(managers).toHaveLength(10);
  expect(managers?.[0]).toBe('ancient-changes');
  expect(Object.values(object.owners)[0]).toBe('.data .data.a .data.b .data.c .data.x .data.y');
});

test('an object whose list elements cannot be told apart has no owners', () => {
  const object = new ManagedObject('v1', 'Pod');
  object.update('a', () => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [{ image: 'i' }] },
  }));
  expect(object.owners).toEqual({});
});

test('ten thousand keys are tracked in no time', () => {
  const entries = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, '1']));
  const object = new ManagedObject('v1', 'ConfigMap');
  const took = cpuTimeOf(() => {
    object.update('a', data(entries));
    object.update('b', data({ ...entries, k5000: '2' }));
  });
  expect(took).toBeLessThan(2000);
  expect(object.owners['b Update 2']).toBe('.data.k5000');
});
