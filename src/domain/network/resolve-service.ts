import type { Service, ServicePort } from '../meta/types.ts';
import type { Registry } from '../registry/registry.ts';
import { endpointSlices } from '../resources/endpoint-slice.ts';
import { services } from '../resources/service.ts';
import { type Endpoint, endpointsOf, serviceKey, slicesByService } from './service-endpoints.ts';

export type ServicePlace = { namespace: string; name: string; port: number };

export type ResolvedService = { kind: 'resolved'; host: string; port: number } | { kind: 'unresolved'; reason: string };

/**
 * Where k2d itself connects to reach a port of a Service: straight to one of its endpoints, which works without a data plane too
 * (apiserver pkg/util/proxy/proxy.go ResolveEndpoint). Before the controllers have said which endpoints there are, the kernel's rules of
 * an earlier run lead to them.
 */
export function resolveService(
  registry: Pick<Registry, 'find' | 'all'>,
  { namespace, name, port }: ServicePlace,
  random: () => number,
): ResolvedService {
  const service = registry.find(services, { namespace, name });
  if (!service) return unresolved(`service "${name}" not found`);
  const { type, externalName = '', clusterIP = 'None', ports = [] } = service.spec ?? {};
  if (type === 'ExternalName') return { kind: 'resolved', host: externalName, port };
  const servicePort = ports.find((candidate) => candidate.port === port);
  if (!servicePort) return unresolved(`no service port ${port} found for service "${name}"`);
  const slices = slicesByService(registry.all(endpointSlices, namespace)).get(`${namespace}/${name}`) ?? [];
  const endpoints = endpointsOf(slices, servicePort);
  const endpoint = endpoints[Math.floor(random() * endpoints.length)];
  if (endpoint) return { kind: 'resolved', host: endpoint.ip, port: endpoint.port };
  if (slices.length === 0 && clusterIP !== 'None') return { kind: 'resolved', host: clusterIP, port };
  return unresolved(`no endpoints available for service "${name}"`);
}

/** Where connections to a port of a Service can end now. */
export function serviceEndpoints(registry: Pick<Registry, 'all'>, service: Service, port: ServicePort): Endpoint[] {
  const slices = slicesByService(registry.all(endpointSlices, service.metadata?.namespace)).get(serviceKey(service));
  return endpointsOf(slices ?? [], port);
}

const unresolved = (reason: string): ResolvedService => ({ kind: 'unresolved', reason });
