import { expect, it } from 'vitest';
import { compareApiVersions } from './api-version-order.ts';

it('puts the version first that clients should use', () => {
  const versions = ['foo10', 'v1', 'v11alpha2', 'v10beta3', 'v3beta1', 'v12alpha1', 'v11beta2', 'foo1', 'v10', 'v2'];
  // https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
  expect(versions.toSorted(compareApiVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v11beta2',
    'v10beta3',
    'v3beta1',
    'v12alpha1',
    'v11alpha2',
    'foo1',
    'foo10',
  ]);
});
