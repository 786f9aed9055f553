import { isIPv4 } from 'node:net';
import { dnsLabel } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { EndpointSlice, Pod, Service } from '../meta/types.ts';
import { isReady, serviceKey, slicesByService, usable } from './service-endpoints.ts';

export type HostsFileInput = {
  pod: Pod;
  ip: string;
  hostname: string;
  services: readonly Service[];
  endpointSlices: readonly EndpointSlice[];
};

const CLUSTER_DOMAIN = 'cluster.local';

/** musl reads lines of up to 512 bytes (src/network/lookup_name.c) and would take the rest of a longer one for a line of its own. */
const MAX_LINE = 500;

/** kubernetes pkg/kubelet/kubelet_pods.go managedHostsFileContent */
const HEAD = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

/**
 * A pod's /etc/hosts as the kubelet writes it, and below it the names of all Services, so that they resolve while k2d is down.
 * ExternalName cannot be said here, for a hosts file has no aliases of names.
 */
export function hostsFile({ pod, ip, hostname, services, endpointSlices }: HostsFileInput): string {
  const { namespace = '' } = metaOf(pod);
  const { subdomain, hostAliases = [] } = pod.spec ?? {};
  const fullName = subdomain ? [`${hostname}.${subdomain}.${namespace}.svc.${CLUSTER_DOMAIN}`] : [];
  const aliases = hostAliases.flatMap((alias) => lines(alias.ip, alias.hostnames ?? []));
  const slices = slicesByService(endpointSlices);
  const names = services
    .toSorted((a, b) => (serviceKey(a) < serviceKey(b) ? -1 : 1))
    .flatMap((service) => serviceLines(service, slices.get(serviceKey(service)) ?? [], namespace));
  return [
    HEAD,
    ...lines(ip, [...fullName, hostname]),
    ...(aliases.length > 0 ? ['\n# Entries added by HostAliases.\n', ...aliases] : []),
    ...(names.length > 0 ? ['\n# Services.\n', ...new Set(names)] : []),
  ].join('');
}

function serviceLines(service: Service, slices: readonly EndpointSlice[], fromNamespace: string): string[] {
  const { name = '', namespace = '' } = metaOf(service);
  const names = (host: string) => [
    ...['.svc.' + CLUSTER_DOMAIN, '.svc', ''].map((suffix) => `${host}.${namespace}${suffix}`),
    ...(namespace === fromNamespace ? [host] : []),
  ];
  const { clusterIP = '', type, publishNotReadyAddresses = false } = service.spec ?? {};
  if (type === 'ExternalName') return [];
  if (isIPv4(clusterIP)) return lines(clusterIP, names(name));
  if (clusterIP !== 'None') return [];
  const endpoints = slices.flatMap(usable).filter((endpoint) => publishNotReadyAddresses || isReady(endpoint));
  return endpoints.flatMap(({ addresses, hostname }) => [
    ...lines(addresses[0]!, names(name)),
    ...(hostname !== undefined && dnsLabel(hostname).length === 0
      ? lines(addresses[0]!, names(`${hostname}.${name}`))
      : []),
  ]);
}

/** One line, or several of the same address where the names are too many for one. */
function lines(ip: string | undefined, names: readonly string[]): string[] {
  const grouped: string[] = [];
  for (const name of names) {
    const last = grouped.at(-1);
    if (last !== undefined && last.length + 1 + name.length < MAX_LINE)
      grouped[grouped.length - 1] = `${last}\t${name}`;
    else grouped.push(`${ip}\t${name}`);
  }
  return grouped.map((line) => `${line}\n`);
}
