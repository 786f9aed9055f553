import { isIPv6 } from 'node:net';
import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import type { Endpoints } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { endpointSlices } from '../../resources/endpoint-slice.ts';
import { endpoints } from '../../resources/endpoints.ts';
import { services } from '../../resources/service.ts';
import { runController, source } from '../controller.ts';
import { planEndpointSlices, type SliceContent, type SlicesPlan } from './endpoint-slices-plan.ts';
import { managedSlices, servicesOfSlice } from './managed-slices.ts';
import { controllerReference } from '../owner-references.ts';
import { performSlicesPlan } from './perform-slices-plan.ts';
import { selectsPods } from './services-of-pod.ts';

export type EndpointSliceMirroringOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

const managedBy = 'endpointslicemirroring-controller.k8s.io';

/**
 * Endpoints that somebody wrote for a Service without selector, such as those of a PLC beside the device, become slices, which are
 * all that the data plane reads (kubernetes pkg/controller/endpointslicemirroring).
 */
export function startEndpointSliceMirroringController({
  registry,
  logger,
  signal,
}: EndpointSliceMirroringOptions): Promise<void> {
  return runController({
    name: 'endpointslice-mirroring-controller',
    registry,
    logger,
    sources: [
      source(services, ({ object }) => [formatKey(keyOf(object))]),
      source(endpoints, ({ object }) => [formatKey(keyOf(object))]),
      source(endpointSlices, (event) => servicesOfSlice(managedBy, event)),
    ],
    reconcile: (key) => performSlicesPlan(registry, planFor(registry, parseKey(key))),
    signal,
    concurrency: 2,
  });
}

function planFor(registry: Registry, key: ObjectKey): SlicesPlan {
  const standing = managedSlices(registry, managedBy, key);
  const service = registry.find(services, key);
  const written = registry.find(endpoints, key);
  if (!service || selectsPods(service) || !written || !isMirrored(written)) {
    return { create: [], update: [], remove: standing };
  }
  const frame = { service, managedBy, owner: controllerReference(endpoints, written) };
  return planEndpointSlices(frame, mirroredContents(written), standing);
}

/** Some Endpoints are locks, some have slices of their own (endpointslicemirroring utils.go skipMirror). */
const isMirrored = ({ metadata }: Endpoints): boolean =>
  metadata?.deletionTimestamp === undefined &&
  metadata?.labels?.['endpointslice.kubernetes.io/skip-mirror'] !== 'true' &&
  metadata?.annotations?.['control-plane.alpha.kubernetes.io/leader'] === undefined;

const mirroredContents = ({ subsets = [] }: Endpoints): SliceContent[] =>
  subsets.flatMap((subset) => (['IPv4', 'IPv6'] as const).flatMap((family) => contentOf(subset, family)));

type Subset = NonNullable<Endpoints['subsets']>[number];

function contentOf(
  { addresses = [], notReadyAddresses = [], ports = [] }: Subset,
  addressType: 'IPv4' | 'IPv6',
): SliceContent[] {
  const all = [
    ...addresses.map((address) => ({ address, ready: true })),
    ...notReadyAddresses.map((address) => ({ address, ready: false })),
  ];
  const mirrored = all
    .filter(({ address: { ip } }) => isIPv6(ip) === (addressType === 'IPv6'))
    .map(({ address: { ip, ...rest }, ready }) => ({ addresses: [ip], conditions: { ready }, ...rest }));
  const slicePorts = ports.map(({ name = '', ...port }) => ({ name, ...port }));
  return mirrored.length === 0 ? [] : [{ addressType, ports: slicePorts, endpoints: mirrored }];
}
