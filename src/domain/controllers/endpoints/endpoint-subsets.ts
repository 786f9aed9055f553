import { metaOf } from '../../meta/object-key.ts';
import type { Endpoints, Pod, Service } from '../../meta/types.ts';
import { hostnameIn, podEndpoints, targetReference, type EndpointPort, type PodEndpoint } from './pod-endpoint.ts';

type Subset = NonNullable<Endpoints['subsets']>[number];

/** kubernetes pkg/controller/endpoint/endpoints_controller.go maxCapacity */
const maxAddresses = 1000;

/**
 * The same pods in the older form, which knows only the first address family: ports that the same addresses have are one subset
 * (kubernetes pkg/api/v1/endpoints/util.go RepackSubsets). Pods that are being deleted are left out.
 */
export function endpointSubsets(service: Service, pods: readonly Pod[]): Subset[] {
  const endpoints = podEndpoints(service, pods, service.spec?.ipFamilies?.[0] === 'IPv6' ? 'IPv6' : 'IPv4')
    .filter(({ terminating }) => !terminating || service.spec?.publishNotReadyAddresses)
    .slice(0, maxAddresses);
  const isPortless = (service.spec?.ports ?? []).length === 0;
  if (isPortless) return endpoints.length === 0 ? [] : [subset(service, endpoints, [])];
  const byPort = Map.groupBy(
    endpoints.flatMap((endpoint) => endpoint.ports.map((port) => ({ port, endpoint }))),
    ({ port }) => JSON.stringify(port),
  );
  const byAddresses = Map.groupBy([...byPort.values()], (group) =>
    group.map(({ endpoint: { address: ip, pod } }) => `${ip}/${metaOf(pod).uid}`).join(' '),
  );
  return [...byAddresses.values()].map((groups) =>
    subset(
      service,
      groups[0]!.map(({ endpoint }) => endpoint),
      groups.map((group) => group[0]!.port),
    ),
  );
}

function subset(service: Service, endpoints: readonly PodEndpoint[], ports: readonly EndpointPort[]): Subset {
  const of = (ready: boolean) =>
    endpoints.filter((endpoint) => endpoint.ready === ready).map((endpoint) => address(service, endpoint));
  const [addresses, notReadyAddresses] = [of(true), of(false)];
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ...(ports.length > 0 ? { ports: ports.map(corePort) } : {}),
  };
}

/** The older form leaves an empty name out. */
const corePort = ({ name, port = 0, ...rest }: EndpointPort) => ({ ...(name ? { name } : {}), port, ...rest });

function address(service: Service, { pod, address: ip }: PodEndpoint) {
  const hostname = hostnameIn(service, pod);
  return {
    ip,
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec?.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetReference(pod),
  };
}
