import { isIPv4 } from 'node:net';
import { metaOf } from '../meta/object-key.ts';
import type { EndpointSlice, Service, ServicePort } from '../meta/types.ts';

/** Where a connection can end. */
export type Endpoint = { ip: string; port: number };

export type SliceEndpoint = NonNullable<EndpointSlice['endpoints']>[number];

/** IPv4 slices by the Service they belong to, as `namespace/name`. */
export function slicesByService(slices: readonly EndpointSlice[]): Map<string, EndpointSlice[]> {
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const { namespace = '', labels } = metaOf(slice);
    const name = labels?.['kubernetes.io/service-name'];
    if (name === undefined || slice.addressType !== 'IPv4') continue;
    const key = `${namespace}/${name}`;
    byService.set(key, [...(byService.get(key) ?? []), slice]);
  }
  return byService;
}

/**
 * Ready endpoints; without any, those that still serve while they terminate, so that a rolling update never leaves a gap
 * (kubernetes pkg/proxy/topology.go CategorizeEndpoints, KEP-1669). Sorted, each once.
 */
export function endpointsOf(slices: readonly EndpointSlice[], servicePort: ServicePort): Endpoint[] {
  const found = slices.flatMap((slice) => {
    const port = slice.ports?.find((p) => samePort(p, servicePort))?.port;
    return port === undefined || !isPort(port) ? [] : usable(slice).map((e) => ({ port, endpoint: e }));
  });
  const ready = found.filter(({ endpoint }) => isReady(endpoint));
  const chosen = ready.length > 0 ? ready : found.filter(({ endpoint }) => isServingWhileTerminating(endpoint));
  const unique = new Map(
    chosen.map(({ endpoint, port }) => [`${endpoint.addresses[0]}:${port}`, { ip: endpoint.addresses[0]!, port }]),
  );
  return [...unique.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

/** Unknown readiness counts as ready (discovery/v1 EndpointConditions). */
export const isReady = ({ conditions }: SliceEndpoint): boolean => conditions?.ready !== false;

/**
 * Endpoints with an address that traffic may be sent to. Slices can be written by any client, and their text ends in kernel rules and hosts
 * files, so it is checked here too (kubernetes pkg/apis/core/validation ValidateNonSpecialIP: loopback, link-local, multicast).
 */
export const usable = ({ endpoints }: EndpointSlice): SliceEndpoint[] =>
  (endpoints ?? []).filter(({ addresses }) => {
    const address = addresses?.[0];
    return address !== undefined && isIPv4(address) && !/^(0|127|169\.254|22[4-9]|23\d|24\d|25\d)\./.test(address);
  });

export const isPort = (port: unknown): port is number =>
  Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65535;

/** The Service's key in slicesByService. */
export const serviceKey = (service: Service): string =>
  `${metaOf(service).namespace ?? ''}/${metaOf(service).name ?? ''}`;

const isServingWhileTerminating = ({ conditions }: SliceEndpoint): boolean =>
  conditions?.terminating === true && conditions.serving !== false;

const samePort = (
  { name = '', protocol = 'TCP' }: { name?: string; protocol?: string },
  { name: wantedName = '', protocol: wantedProtocol = 'TCP' }: ServicePort,
): boolean => name === wantedName && protocol === wantedProtocol;
