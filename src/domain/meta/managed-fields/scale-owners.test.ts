import { expect, test } from 'vitest';
import type { ManagedFieldsEntry } from './owners.ts';
import { scaledOwners, scaleOwners } from './scale-owners.ts';

const replicas = { 'f:spec': { 'f:replicas': {} } };

const entry = (manager: string, operation: string, fieldsV1: object, more: object = {}): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});

const deployment = [
  entry('kubectl', 'Apply', { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } }, { time: '2024-01-01T00:00:00Z' }),
  entry('editor', 'Update', { 'f:metadata': { 'f:labels': { 'f:a': {} } } }),
];

test('a Scale knows only who owns the count', () => {
  expect(scaleOwners(deployment, 'autoscaling/v1')).toEqual([
    { ...entry('kubectl', 'Apply', replicas, { time: '2024-01-01T00:00:00Z' }), apiVersion: 'autoscaling/v1' },
  ]);
});

test('who still owns the count keeps everything', () => {
  expect(scaledOwners(deployment, scaleOwners(deployment, 'autoscaling/v1'), 'apps/v1')).toEqual(deployment);
});

test('who takes the count has it alone, at no time', () => {
  const taken = [
    entry('hpa', 'Apply', replicas, {
      subresource: 'scale',
      time: '2024-02-01T00:00:00Z',
      apiVersion: 'autoscaling/v1',
    }),
  ];
  expect(scaledOwners(deployment, taken, 'apps/v1')).toEqual([
    entry('hpa', 'Apply', replicas, { subresource: 'scale' }),
    entry('kubectl', 'Apply', { 'f:spec': { 'f:paused': {} } }, { time: '2024-01-01T00:00:00Z' }),
    deployment[1],
  ]);
});
