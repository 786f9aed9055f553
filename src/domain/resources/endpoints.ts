import { isIPv6 } from 'node:net';
import { metaOf } from '../meta/object-key.ts';
import type { Endpoints } from '../meta/types.ts';
import { validateEndpoints } from './endpoint-validation.ts';
import { firstFew } from './first-few.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { withDefaults } from './with-defaults.ts';

const hostPort = (ip: string, port: number): string => (isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`);

const addressesOf = ({ subsets }: Endpoints): string[] =>
  (subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );

const defaultEndpoints = (endpoints: Endpoints): Endpoints =>
  endpoints.subsets
    ? {
        ...endpoints,
        subsets: endpoints.subsets.map((subset) =>
          subset.ports
            ? { ...subset, ports: subset.ports.map((port) => withDefaults(port, { protocol: 'TCP' })) }
            : subset,
        ),
      }
    : endpoints;

/** kubernetes pkg/controller/endpoint/endpoints_controller.go labelManagedBy */
const isComputed = (endpoints: Endpoints): boolean =>
  metaOf(endpoints).labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller';

/** What a controller computes is made anew at every start; what a user wrote for a Service without selector is intent. */
export const endpoints = defineResource<Endpoints>({
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  scope: 'Namespaced',
  // kubernetes staging/src/k8s.io/api/core/v1/types.go Endpoints
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  isKept: (object) => !isComputed(object),
  default: defaultEndpoints,
  validate: validateEndpoints,
  columns: [
    nameColumn,
    { name: 'Endpoints', type: 'string', cell: (object) => firstFew(addressesOf(object), '<none>') },
    ageColumn,
  ],
});
