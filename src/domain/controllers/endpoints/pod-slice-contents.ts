import type { EndpointSlice, Pod, Service } from '../../meta/types.ts';
import type { SliceContent } from './endpoint-slices-plan.ts';
import { hostnameIn, podEndpoints, targetReference, type AddressType, type PodEndpoint } from './pod-endpoint.ts';

/** What the slices of a Service say of its pods, in each of its address families. */
export const podSliceContents = (service: Service, pods: readonly Pod[]): SliceContent[] =>
  families(service).flatMap((family) => contentsOf(service, pods, family));

const families = ({ spec }: Service): AddressType[] =>
  (spec?.ipFamilies?.length ? spec.ipFamilies : ['IPv4']).map((family) => (family === 'IPv6' ? 'IPv6' : 'IPv4'));

/** Pods that resolve a named port differently cannot share a slice. Without any pod one empty slice says so. */
function contentsOf(service: Service, pods: readonly Pod[], addressType: AddressType): SliceContent[] {
  const groups = Map.groupBy(podEndpoints(service, pods, addressType), ({ ports }) => JSON.stringify(ports));
  if (groups.size === 0) return [{ addressType, ports: [], endpoints: [] }];
  return [...groups.values()].map((group) => ({
    addressType,
    ports: group[0]?.ports ?? [],
    endpoints: group.map((endpoint) => sliceEndpoint(service, endpoint)),
  }));
}

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];

function sliceEndpoint(service: Service, { pod, address, ready, serving, terminating }: PodEndpoint): Endpoint {
  const hostname = hostnameIn(service, pod);
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetReference(pod),
  };
}
