import type { FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Lease } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { nonNegative, positive } from './value-rules.ts';

/** kubernetes pkg/apis/coordination/validation/validation.go ValidateLeaseSpec */
const validateLease = ({ spec }: Lease): FieldError[] => [
  ...positive('spec.leaseDurationSeconds', spec?.leaseDurationSeconds),
  ...nonNegative('spec.leaseTransitions', spec?.leaseTransitions),
];

/**
 * kubernetes pkg/registry/coordination/lease/strategy.go. Those of nodes are heartbeats: facts that nobody misses after a restart, and that
 * would wear out an SD card.
 */
export const leases = defineResource<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  scope: 'Namespaced',
  unconditionalUpdate: false,
  isKept: (lease) => metaOf(lease).namespace !== 'kube-node-lease',
  validate: validateLease,
  columns: [nameColumn, { name: 'Holder', type: 'string', cell: ({ spec }) => spec?.holderIdentity ?? '' }, ageColumn],
});
