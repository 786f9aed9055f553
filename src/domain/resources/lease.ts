import type { FieldError } from '../meta/field-error.ts';
import { toMicroTime } from '../meta/clock.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Lease } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { nonNegative, positive } from './value-rules.ts';

export const nodeLeaseNamespace = 'kube-node-lease';

/** kubernetes pkg/apis/coordination/validation/validation.go ValidateLeaseSpec */
const validateLease = ({ spec }: Lease): FieldError[] => [
  ...positive('spec.leaseDurationSeconds', spec?.leaseDurationSeconds),
  ...nonNegative('spec.leaseTransitions', spec?.leaseTransitions),
];

/**
 * A node's heartbeat says that its kubelet was alive at `renewTime`. The kubelet is in this process, so it is alive whenever somebody reads
 * of it: the time is that of reading, and nothing has to run for it.
 */
function renewedNow(lease: Lease, now: Date): Lease {
  const { namespace, name, ownerReferences = [] } = metaOf(lease);
  const isHeartbeat = ownerReferences.some((owner) => owner.kind === 'Node' && owner.name === name);
  if (namespace !== nodeLeaseNamespace || !isHeartbeat) return lease;
  return { ...lease, spec: { ...lease.spec, renewTime: toMicroTime(now) } };
}

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
  isKept: (lease) => metaOf(lease).namespace !== nodeLeaseNamespace,
  readAt: renewedNow,
  validate: validateLease,
  columns: [nameColumn, { name: 'Holder', type: 'string', cell: ({ spec }) => spec?.holderIdentity ?? '' }, ageColumn],
});
