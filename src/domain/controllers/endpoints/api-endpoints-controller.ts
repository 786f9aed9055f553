import { isIPv6 } from 'node:net';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf } from '../../meta/object-key.ts';
import type { Endpoints, EndpointSlice, KubernetesObject } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { endpoints } from '../../resources/endpoints.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { services } from '../../resources/service.ts';
import { runController, source } from '../controller.ts';
import { serviceNameLabel } from './endpoint-slices-plan.ts';
import type { Requeue } from '../work-queue.ts';

export type ApiEndpointsControllerOptions = {
  registry: Registry;
  /** Where the API is reached from outside, now; the first one's family counts. */
  addresses: () => readonly string[];
  port: number;
  logger: Logger;
  signal: AbortSignal;
};

const key = { namespace: 'default', name: 'kubernetes' };

/** The host's addresses change without telling; traffic does not depend on this, only those who read it. */
const refreshMs = 300_000;

/**
 * Says where the API itself is, behind the Service `kubernetes`, which selects no pods (kubernetes
 * pkg/controlplane/reconcilers/instancecount.go, endpointsadapter.go).
 */
export function startApiEndpointsController(options: ApiEndpointsControllerOptions): Promise<void> {
  const own = ({ object }: { object: KubernetesObject }): string[] => {
    const text = formatKey(keyOf(object));
    return text === formatKey(key) ? [text] : [];
  };
  return runController({
    name: 'api-endpoints-controller',
    registry: options.registry,
    logger: options.logger,
    sources: [source(services, own), source(endpoints, own), source(endpointSlices, own)],
    reconcile: () => reconcile(options),
    signal: options.signal,
    concurrency: 1,
  });
}

async function reconcile({ registry, addresses, port }: ApiEndpointsControllerOptions): Promise<Requeue | void> {
  if (!registry.find(services, key)) return;
  const known = addresses();
  const family = isIPv6(known[0] ?? '') ? 'IPv6' : 'IPv4';
  const ips = known.filter((ip) => isIPv6(ip) === (family === 'IPv6'));
  const ports = [{ name: 'https', port, protocol: 'TCP' }];
  await ensure(registry, endpoints, (current): Endpoints => ({
    metadata: { ...current?.metadata, ...key, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    ...(ips.length > 0 ? { subsets: [{ addresses: ips.map((ip) => ({ ip })), ports }] } : {}),
  }));
  // The family of a slice cannot change.
  const standing = registry.find(endpointSlices, key);
  if (standing && standing.addressType !== family) await registry.delete(endpointSlices, key);
  await ensure(registry, endpointSlices, (current): EndpointSlice => ({
    metadata: { ...current?.metadata, ...key, labels: { [serviceNameLabel]: key.name } },
    addressType: family,
    endpoints: ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
    ports,
  }));
  return { afterMs: refreshMs };
}

async function ensure<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  wanted: (current: T | undefined) => T,
): Promise<void> {
  if (registry.find(definition, key)) await registry.update(definition, key, wanted);
  else await registry.create(definition, wanted(undefined));
}
