import { expect, test } from 'vitest';
import type { CustomResourceDefinition, KubernetesObject, ObjectMeta } from '../meta/types.ts';
import { customResources } from '../resources/custom-resource.ts';
import { deployments } from '../resources/deployment.ts';
import { pods } from '../resources/pod.ts';
import { replicaSets } from '../resources/replica-set.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { validatingAdmissionPolicies } from '../resources/validating-admission-policy.ts';
import { beforeUpdate } from './before-update.ts';

const pumpDefinition: CustomResourceDefinition = {
  metadata: { name: 'pumps.plant.example.com' },
  spec: {
    group: 'plant.example.com',
    scope: 'Namespaced',
    names: { plural: 'pumps', singular: 'pump', kind: 'Pump', listKind: 'PumpList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object' } },
      },
    ],
  },
};
const pumps = customResources(pumpDefinition)[0]!;

const objectWith = (metadata: Partial<ObjectMeta>, status: object): KubernetesObject =>
  ({ metadata: { name: 'a', uid: '1', ...metadata }, spec: { is: 'kept' }, status }) as KubernetesObject;
const current = objectWith({ labels: { of: 'before' }, annotations: { of: 'before' } }, {});
const next = objectWith({ labels: { of: 'write' }, annotations: { of: 'write' }, finalizers: ['a/b'] }, { on: true });

test.each<[ResourceDefinition, Partial<ObjectMeta>]>([
  [pods as ResourceDefinition, { labels: { of: 'write' }, annotations: { of: 'write' } }],
  [replicaSets as ResourceDefinition, { labels: { of: 'write' }, annotations: { of: 'write' } }],
  [deployments as ResourceDefinition, { labels: { of: 'before' }, annotations: { of: 'write' } }],
  [validatingAdmissionPolicies as ResourceDefinition, { labels: { of: 'before' }, annotations: { of: 'before' } }],
  [pumps, { labels: { of: 'before' }, annotations: { of: 'before' } }],
])('what the status endpoint of $kind changes of metadata', (definition, metadata) => {
  const updated = beforeUpdate(definition, next, current, { subresource: 'status' });
  expect(updated).toMatchObject({ metadata, spec: { is: 'kept' }, status: { on: true } });
  expect(updated.metadata).not.toHaveProperty('finalizers');
});
