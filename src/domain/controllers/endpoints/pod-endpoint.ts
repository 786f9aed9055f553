import { isIPv6 } from 'node:net';
import { metaOf } from '../../meta/object-key.ts';
import type { EndpointSlice, Pod, Service } from '../../meta/types.ts';
import { isPodReady, isPodTerminal, isPodTerminating } from '../pod-lifecycle.ts';

export type AddressType = 'IPv4' | 'IPv6';
export type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

/** One pod behind a Service: where it is reached and whether it should be. */
export type PodEndpoint = {
  pod: Pod;
  address: string;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  ports: EndpointPort[];
};

/**
 * The pods of a Service that have an address and have not ended, in the order given (kubernetes
 * staging/src/k8s.io/endpointslice/utils.go podToEndpoint, pkg/controller/util/endpoint ShouldPodBeInEndpoints).
 */
export function podEndpoints(service: Service, pods: readonly Pod[], family: AddressType): PodEndpoint[] {
  return pods.flatMap((pod) => {
    const address = addressOf(pod, family);
    if (address === undefined || isPodTerminal(pod)) return [];
    const serving = isPodReady(pod);
    const terminating = isPodTerminating(pod);
    const ready = (service.spec?.publishNotReadyAddresses ?? false) || (serving && !terminating);
    return [{ pod, address, ready, serving, terminating, ports: endpointPorts(service, pod) }];
  });
}

const addressOf = ({ status }: Pod, family: AddressType): string | undefined => {
  const addresses = [...(status?.podIPs ?? []).map(({ ip }) => ip), status?.podIP];
  return addresses.find((ip) => ip !== undefined && ip !== '' && isIPv6(ip) === (family === 'IPv6'));
};

type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A port that the pod does not have under the name is left out (utils.go getEndpointPorts). */
const endpointPorts = (service: Service, pod: Pod): EndpointPort[] =>
  (service.spec?.ports ?? []).flatMap((servicePort) => {
    const port = findPort(servicePort, pod);
    if (port === undefined) return [];
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    return [{ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });

/** kubernetes pkg/api/v1/pod/util.go FindPort: sidecars have ports too, containers that only prepare do not. */
function findPort({ targetPort, port, protocol = 'TCP' }: ServicePort, { spec }: Pod): number | undefined {
  if (targetPort === undefined) return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** What names the pod in both kinds of endpoints. */
export const targetReference = (pod: Pod) => {
  const { name = '', namespace = '', uid = '' } = metaOf(pod);
  return { kind: 'Pod', namespace, name, uid };
};

/** A pod with a host name in the Service's subdomain is found under it (pkg/controller/endpoint ShouldSetHostname). */
export const hostnameIn = (service: Service, { spec, metadata }: Pod): string | undefined =>
  spec?.hostname && spec.subdomain === metaOf(service).name && metadata?.namespace === metaOf(service).namespace
    ? spec.hostname
    : undefined;
