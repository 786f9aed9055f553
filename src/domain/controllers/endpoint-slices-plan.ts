import { sameJson } from '../meta/deep-equal.ts';
import { metaOf } from '../meta/object-key.ts';
import type { EndpointSlice, Pod, Service } from '../meta/types.ts';
import { services } from '../resources/service.ts';
import { controllerReference } from './owner-references.ts';
import {
  hostnameIn,
  podEndpoints,
  targetReference,
  type AddressType,
  type EndpointPort,
  type PodEndpoint,
} from './pod-endpoint.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const managedBy = 'endpointslice-controller.k8s.io';

/** kube-controller-manager --max-endpoints-per-slice */
const maxEndpoints = 100;

export type SlicesPlan = { create: EndpointSlice[]; update: EndpointSlice[]; remove: EndpointSlice[] };

type Content = Pick<EndpointSlice, 'addressType' | 'endpoints' | 'ports'>;

/**
 * Makes the slices of a Service say what its pods are (kubernetes staging/src/k8s.io/endpointslice/reconciler.go). Slices keep their
 * names as long as their ports stay, so that a change of one pod changes one slice.
 */
export function planEndpointSlices(
  service: Service,
  pods: readonly Pod[],
  standing: readonly EndpointSlice[],
): SlicesPlan {
  const free = [...standing];
  const plan: SlicesPlan = { create: [], update: [], remove: [] };
  for (const content of families(service).flatMap((family) => contents(service, pods, family))) {
    const at = free.findIndex(
      (slice) => slice.addressType === content.addressType && sameJson(slice.ports, content.ports),
    );
    const reused = at >= 0 ? at : free.findIndex((slice) => slice.addressType === content.addressType);
    const [slice] = reused >= 0 ? free.splice(reused, 1) : [];
    if (!slice) plan.create.push(newSlice(service, content));
    else plan.update.push(refreshed(service, slice, content));
  }
  return { ...plan, remove: free };
}

const families = ({ spec }: Service): AddressType[] =>
  (spec?.ipFamilies?.length ? spec.ipFamilies : ['IPv4']).map((family) => (family === 'IPv6' ? 'IPv6' : 'IPv4'));

/** Pods that resolve a named port differently cannot share a slice. Without any pod one empty slice says so. */
function contents(service: Service, pods: readonly Pod[], addressType: AddressType): Content[] {
  const endpoints = podEndpoints(service, pods, addressType);
  const groups = Map.groupBy(endpoints, ({ ports }) => JSON.stringify(ports));
  if (groups.size === 0) return [{ addressType, ports: [], endpoints: [] }];
  return [...groups.values()].flatMap((group) =>
    chunks(group).map((chunk) => ({
      addressType,
      ports: chunk[0]!.ports satisfies EndpointPort[],
      endpoints: chunk.map((endpoint) => sliceEndpoint(service, endpoint)),
    })),
  );
}

const chunks = (group: readonly PodEndpoint[]): PodEndpoint[][] =>
  Array.from({ length: Math.ceil(group.length / maxEndpoints) }, (_, i) =>
    group.slice(i * maxEndpoints, (i + 1) * maxEndpoints),
  );

function sliceEndpoint(service: Service, { pod, address, ready, serving, terminating }: PodEndpoint) {
  const hostname = hostnameIn(service, pod);
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetReference(pod),
  };
}

const newSlice = (service: Service, content: Content): EndpointSlice => ({
  metadata: {
    generateName: `${metaOf(service).name}-`,
    namespace: metaOf(service).namespace ?? '',
    labels: labelsOf(service),
    ownerReferences: [controllerReference(services, service)],
  },
  ...content,
});

const refreshed = (service: Service, slice: EndpointSlice, content: Content): EndpointSlice => ({
  ...slice,
  metadata: {
    ...metaOf(slice),
    labels: labelsOf(service),
    ownerReferences: [controllerReference(services, service)],
  },
  ...content,
});

/** The Service's own labels come along, for selectors (endpointslice utils.go setEndpointSliceLabels). */
export const labelsOf = (service: Service): Record<string, string> => ({
  ...metaOf(service).labels,
  ...(service.spec?.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  [serviceNameLabel]: metaOf(service).name ?? '',
  [managedByLabel]: managedBy,
});
