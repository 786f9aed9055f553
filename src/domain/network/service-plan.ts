import { isIPv4 } from 'node:net';
import { metaOf } from '../meta/object-key.ts';
import type { EndpointSlice, Service, ServicePort } from '../meta/types.ts';
import { endpointsOf, isPort, serviceKey, slicesByService } from './service-endpoints.ts';
import type { PlannedPort, ServicePlan } from './service-dataplane.ts';

const PROTOCOLS = { TCP: 'tcp', UDP: 'udp', SCTP: 'sctp' } as const;

/** v1.DefaultClientIPServiceAffinitySeconds */
const DEFAULT_AFFINITY_SECONDS = 10800;

export type ServicePlanInput = {
  services: readonly Service[];
  endpointSlices: readonly EndpointSlice[];
  /** Where the API listens: the endpoint of the Service `kubernetes`. */
  apiTarget: PlannedPort['target'];
};

/**
 * What the data plane shall do, as a value. Headless Services and ExternalName have no address and are names only; IPv6 is not
 * planned, because the pod network is IPv4. Equal input gives an equal plan, in the order of namespace and name.
 */
export function servicePlan({ services, endpointSlices, apiTarget }: ServicePlanInput): ServicePlan {
  const slices = slicesByService(endpointSlices);
  const planned = services
    .toSorted((a, b) => (serviceKey(a) < serviceKey(b) ? -1 : 1))
    .flatMap((service) => plannedPorts(service, slices.get(serviceKey(service)) ?? [], apiTarget));
  return { ports: withoutCollisions(planned) };
}

function plannedPorts(
  service: Service,
  slices: readonly EndpointSlice[],
  apiTarget: PlannedPort['target'],
): PlannedPort[] {
  const clusterIP = service.spec?.clusterIP;
  if (clusterIP === undefined || !isIPv4(clusterIP) || service.spec?.type === 'ExternalName') return [];
  return (service.spec?.ports ?? []).flatMap((port) => {
    const protocol = PROTOCOLS[(port.protocol ?? 'TCP') as keyof typeof PROTOCOLS];
    if (protocol === undefined || !isPort(port.port)) return [];
    return [{ ...plannedPort(service, port), clusterIP, protocol, target: target(service, port, slices, apiTarget) }];
  });
}

function plannedPort(service: Service, port: ServicePort) {
  const spec = service.spec ?? {};
  const exposesNodePort = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
  return {
    name: `${serviceKey(service)}:${port.name || port.port}`,
    port: port.port,
    ...(exposesNodePort && isPort(port.nodePort) ? { nodePort: port.nodePort } : {}),
    ...(spec.sessionAffinity === 'ClientIP' ? { affinitySeconds: timeout } : {}),
    keepsClientAddress: spec.externalTrafficPolicy === 'Local',
  };
}

/** The API does not run in a pod; whoever lists its slice sees the host's address, traffic takes the short way. */
function target(
  service: Service,
  port: ServicePort,
  slices: readonly EndpointSlice[],
  apiTarget: PlannedPort['target'],
): PlannedPort['target'] {
  const { namespace, name } = metaOf(service);
  if (namespace === 'default' && name === 'kubernetes') return apiTarget;
  return { kind: 'endpoints', endpoints: endpointsOf(slices, port) };
}

/** Admission keeps addresses and node ports unique; should two claim one nevertheless, the first has it, so that all others still work. */
function withoutCollisions(ports: readonly PlannedPort[]): PlannedPort[] {
  const taken = new Set<string>();
  const claim = (key: string) => !taken.has(key) && taken.add(key) !== undefined;
  return ports
    .filter(({ clusterIP, protocol, port }) => claim(`${clusterIP} ${protocol} ${port}`))
    .map(({ nodePort, ...port }) => ({
      ...port,
      ...(nodePort !== undefined && claim(`${port.protocol} ${nodePort}`) ? { nodePort } : {}),
    }));
}
