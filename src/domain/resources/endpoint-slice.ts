import { metaOf } from '../meta/object-key.ts';
import type { EndpointSlice } from '../meta/types.ts';
import { keepsAddressType, validateEndpointSlice } from './endpoint-validation.ts';
import { firstFew } from './first-few.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes staging/src/k8s.io/api/discovery/v1/well_known_labels.go LabelManagedBy */
const isComputed = (slice: EndpointSlice): boolean =>
  metaOf(slice).labels?.['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io';

const portsOf = ({ ports }: EndpointSlice): string[] =>
  (ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port)));

/** kubernetes pkg/registry/discovery/endpointslice/strategy.go; kept unless computed, as `endpoints` are. */
export const endpointSlices = defineResource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  scope: 'Namespaced',
  hasGeneration: true,
  isKept: (slice) => !isComputed(slice),
  default: (slice) =>
    slice.ports
      ? { ...slice, ports: slice.ports.map((port) => withDefaults(port, { name: '', protocol: 'TCP' })) }
      : slice,
  validate: validateEndpointSlice,
  validateUpdate: keepsAddressType,
  columns: [
    nameColumn,
    { name: 'AddressType', type: 'string', cell: ({ addressType }) => addressType ?? '' },
    { name: 'Ports', type: 'string', cell: (slice) => firstFew(portsOf(slice), '<unset>') },
    {
      name: 'Endpoints',
      type: 'string',
      cell: ({ endpoints }) =>
        firstFew(
          (endpoints ?? []).flatMap(({ addresses }) => addresses ?? []),
          '<unset>',
        ),
    },
    ageColumn,
  ],
});
