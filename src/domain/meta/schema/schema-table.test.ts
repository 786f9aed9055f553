import { expect, test } from 'vitest';
import { schemaText } from '../../../generated/schema.ts';
import { schemaOfKind, schemaType } from './schema-table.ts';

test('a kind is found by apiVersion and kind', () => {
  expect(schemaOfKind('apps/v1', 'Deployment')).toMatchObject({ key: 'apps/v1.Deployment', isKind: true });
});

test.each([
  ['a struct', 'apps/v1', 'DeploymentSpec'],
  ['a kind of another group', 'v1', 'Deployment'],
  ['an unknown group version', 'example.com/v1', 'Deployment'],
  ['a prototype property', '__proto__', 'toString'],
  ['a name with a line break', 'v1', 'Pod kind\nPodSpec'],
  ['an empty kind', 'v1', ''],
])('%s is no kind', (_case, apiVersion, kind) => {
  expect(schemaOfKind(apiVersion, kind)).toBeUndefined();
});

test('DeleteOptions is the same kind in every group version', () => {
  expect(schemaOfKind('policy/v1', 'DeleteOptions')).toBe(schemaOfKind('v1', 'DeleteOptions'));
});

test('a list knows its strategic merge key and its server-side-apply keys, in order', () => {
  expect(schemaType('v1.Container')?.fields.get('ports')).toMatchObject({
    shape: 'list',
    value: { type: 'v1.ContainerPort' },
    patchStrategies: ['merge'],
    patchMergeKey: 'containerPort',
    structure: 'map',
    mapKeys: ['containerPort', 'protocol'],
    protobufNumber: 6,
  });
  expect(schemaType('v1.ContainerPort')?.fields.get('protocol')?.default).toBe('TCP');
});

test('strategies can be several, or stand on a struct', () => {
  expect(schemaType('v1.PodSpec')?.fields.get('volumes')?.patchStrategies).toEqual(['merge', 'retainKeys']);
  expect(schemaType('apps/v1.DeploymentSpec')?.fields.get('strategy')).toMatchObject({
    shape: 'single',
    patchStrategies: ['retainKeys'],
  });
});

test('a list without marks is replaced and atomic', () => {
  expect(schemaType('v1.PodSpec')?.fields.get('tolerations')).toMatchObject({
    patchStrategies: [],
    structure: 'atomic',
    mapKeys: [],
  });
});

test('fields of embedded structs stand in the parent for JSON, and apart for protobuf', () => {
  const volume = schemaType('v1.Volume');
  expect([...(volume?.fields.keys() ?? [])]).toEqual(expect.arrayContaining(['name', 'emptyDir', 'hostPath']));
  expect(volume?.members.map((member) => member.name)).toEqual(['name', '']);
});

test('every type that a field names is in the table', () => {
  const keys = Object.entries(schemaText).flatMap(([apiVersion, text]) =>
    text
      .trim()
      .split('\n')
      .map((line) => `${apiVersion}.${line.slice(0, line.indexOf(' '))}`),
  );
  const missing = keys.flatMap((key) =>
    (schemaType(key)?.members ?? []).flatMap(({ value }) =>
      'type' in value && schemaType(value.type) === undefined ? [`${key}: ${value.type}`] : [],
    ),
  );
  expect(keys.length).toBeGreaterThan(350);
  expect(missing).toEqual([]);
});
