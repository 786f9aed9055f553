import { createHash } from 'node:crypto';
import type { PlannedPort } from '../../domain/network/service-dataplane.ts';

/** kube-proxy's bit (pkg/proxy DefaultMasqueradeMark): the connection came from outside and shall come back through the host. */
export const MASQUERADE_BIT = '0x4000';

/** Name and content of each chain and set that belongs to one port of one Service. */
export type ServiceRules = { chains: [name: string, rules: string[]][]; sets: [name: string, definition: string][] };

export function serviceRules(port: PlannedPort): ServiceRules {
  if (!isServed(port)) return { chains: [], sets: [] };
  const service: [string, string[]] = [serviceChain(port), balanceRules(port)];
  const external: [string, string[]] = [
    nodePortChain(port),
    [`meta mark set meta mark or ${MASQUERADE_BIT} comment ${quoted(port.name)}`, `goto ${serviceChain(port)}`],
  ];
  const sticky = stickyEndpoints(port);
  return {
    chains: [...sticky.chains, service, ...(hasNodePort(port) && !port.keepsClientAddress ? [external] : [])],
    sets: sticky.sets,
  };
}

/** Every endpoint with the same chance for each new connection; whoever has been here before goes where it went. */
function balanceRules(port: PlannedPort): string[] {
  const { protocol, target } = port;
  const comment = `comment ${quoted(port.name)}`;
  if (target.kind === 'host') return [`ip protocol ${protocol} redirect to :${target.port} ${comment}`];
  const { endpoints } = target;
  if (port.affinitySeconds !== undefined) {
    const names = endpoints.map((endpoint) => id(port, endpoint));
    const choice = names.map((name, index) => `${index} : goto endpoint-${name}`).join(', ');
    return [
      ...names.map((name) => `ip saddr @clients-${name} goto endpoint-${name}`),
      `numgen random mod ${names.length} vmap { ${choice} } ${comment}`,
    ];
  }
  if (endpoints.length === 1) return [`ip protocol ${protocol} dnat to ${socket(endpoints[0]!)} ${comment}`];
  const choice = endpoints.map(({ ip, port: p }, index) => `${index} : ${ip} . ${p}`).join(', ');
  return [`ip protocol ${protocol} dnat to numgen random mod ${endpoints.length} map { ${choice} } ${comment}`];
}

/** kube-proxy's way (pkg/proxy/nftables/proxier.go): each endpoint remembers its clients. The length is in the name, since sets cannot be changed. */
function stickyEndpoints(port: PlannedPort): ServiceRules {
  if (port.affinitySeconds === undefined) return { chains: [], sets: [] };
  const endpoints = endpointsOf(port);
  return {
    chains: endpoints.map((endpoint) => {
      const name = id(port, endpoint);
      return [
        `endpoint-${name}`,
        [`update @clients-${name} { ip saddr }`, `ip protocol ${port.protocol} dnat to ${socket(endpoint)}`],
      ];
    }),
    sets: endpoints.map((endpoint) => [
      `clients-${id(port, endpoint)}`,
      `type ipv4_addr; flags dynamic,timeout; timeout ${port.affinitySeconds}s; size 65536`,
    ]),
  };
}

export const serviceChain = (port: PlannedPort): string => `service-${id(port)}`;

/** Where connections to the node port begin. */
export const nodePortChain = (port: PlannedPort): string =>
  port.keepsClientAddress ? serviceChain(port) : `external-${id(port)}`;

export const endpointsOf = ({ target }: PlannedPort) => (target.kind === 'host' ? [] : target.endpoints);

export const isServed = ({ target }: PlannedPort): boolean => target.kind === 'host' || target.endpoints.length > 0;

export const hasNodePort = (port: PlannedPort): boolean => port.nodePort !== undefined;

const socket = ({ ip, port }: { ip: string; port: number }): string => `${ip}:${port}`;

/** nft allows 127 characters for a name, a Service's alone may need more. */
function id({ name, protocol, affinitySeconds }: PlannedPort, endpoint?: { ip: string; port: number }): string {
  const text = [name, protocol, ...(endpoint ? [socket(endpoint), affinitySeconds] : [])].join(' ');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Names of Services, ports and bridges have no quotes; nft takes comments of up to 128 bytes. */
export const quoted = (text: string): string => `"${text.replace(/[^\w.:/-]/g, '_').slice(0, 127)}"`;
