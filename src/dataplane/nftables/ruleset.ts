import type { ServicePlan } from '../../domain/network/service-dataplane.ts';
import {
  endpointsOf,
  hasNodePort,
  isServed,
  MASQUERADE_BIT,
  nodePortChain,
  quoted,
  serviceChain,
  serviceRules,
  type ServiceRules,
} from './service-rules.ts';

export type RulesetOptions = {
  /** Name of the one table that is all k2d's. */
  table: string;
  bridge: string;
  podCidr: string;
  serviceCidr: string;
  /** Pods answer each other directly, past the host's connection tracking, where bridged traffic does not pass the IP hooks. */
  masqueradePodToPod: boolean;
};

/** Just before the chains of Docker, netavark and iptables at each hook (nftables' standard priorities, less five). */
const PRIORITY = { raw: -305, dstnat: -105, filter: -5, srcnat: 95 };

/**
 * The program for `nft -f` that makes the plan true in one transaction. With `previous`, the plan that the kernel has now, the table is
 * changed, so that clients stay with their endpoints; without, it is made anew. Connections that exist are not touched by either.
 */
export function ruleset(plan: ServicePlan, options: RulesetOptions, previous?: ServicePlan): string {
  const current = plan.ports.map(serviceRules);
  const table = `table ip ${options.table}`;
  const before = previous
    ? [`flush ${table}`, ...KEYED.map(({ kind, name }) => `flush ${kind} ip ${options.table} ${name}`)]
    : [table, `delete ${table}`];
  const body = [
    ...keyedElements(plan),
    ...current.flatMap(({ sets }) => sets.map(([name, text]) => `set ${name} {\n    ${text}\n  }`)),
    ...current.flatMap(({ chains }) => chains.map(([name, rules]) => chain(name, rules))),
    ...hooks(options),
  ];
  const stale = previous ? staleNames(previous.ports.map(serviceRules), current) : [];
  const after = stale.map(({ kind, name }) => `delete ${kind} ip ${options.table} ${name}`);
  return [...before, `${table} {`, ...body.map((text) => `  ${text}`), '}', ...after, ''].join('\n');
}

const chain = (name: string, rules: readonly string[]): string => `chain ${name} {\n    ${rules.join('\n    ')}\n  }`;

/** What the kernel looks up at once, however many Services there are. */
const KEYED = [
  { kind: 'map', name: 'services', type: 'ipv4_addr . inet_proto . inet_service : verdict' },
  { kind: 'map', name: 'node-ports', type: 'inet_proto . inet_service : verdict' },
  { kind: 'set', name: 'refused-node-ports', type: 'inet_proto . inet_service' },
  { kind: 'set', name: 'hairpins', type: 'ipv4_addr . ipv4_addr' },
] as const;

function keyedElements({ ports }: ServicePlan): string[] {
  const served = ports.filter(isServed);
  const elements: Record<(typeof KEYED)[number]['name'], string[]> = {
    services: served.map((p) => `${p.clusterIP} . ${p.protocol} . ${p.port} : goto ${serviceChain(p)}`),
    'node-ports': served.filter(hasNodePort).map((p) => `${p.protocol} . ${p.nodePort} : goto ${nodePortChain(p)}`),
    'refused-node-ports': ports
      .filter((p) => !isServed(p) && hasNodePort(p))
      .map((p) => `${p.protocol} . ${p.nodePort}`),
    hairpins: [...new Set(served.flatMap(endpointsOf).map(({ ip }) => `${ip} . ${ip}`))],
  };
  return KEYED.map(({ kind, name, type }) => {
    const list = elements[name].length === 0 ? '' : `\n    elements = { ${elements[name].join(',\n      ')} }`;
    return `${kind} ${name} {\n    type ${type}${list}\n  }`;
  });
}

/** Where packets come by. In `nat` hooks only the first packet of each connection does. */
function hooks({ bridge, podCidr, serviceCidr, masqueradePodToPod }: RulesetOptions): string[] {
  const { raw, dstnat, srcnat, filter } = PRIORITY;
  return [
    chain('dispatch', [
      'ip daddr . ip protocol . th dport vmap @services',
      'fib daddr type local ip protocol . th dport vmap @node-ports',
    ]),
    chain('prerouting', [`type nat hook prerouting priority ${dstnat}`, 'jump dispatch']),
    chain('output', [`type nat hook output priority ${dstnat}`, 'jump dispatch']),
    chain('postrouting', [
      `type nat hook postrouting priority ${srcnat}`,
      'ct status & dnat == 0 return',
      `meta mark & ${MASQUERADE_BIT} != 0 masquerade`,
      'ip saddr . ip daddr @hairpins masquerade',
      'ip saddr 127.0.0.0/8 oifname != "lo" masquerade',
      ...(masqueradePodToPod ? [`ip saddr ${podCidr} ip daddr ${podCidr} masquerade`] : []),
    ]),
    // Nothing else answers for the Services' range: what was not sent to an endpoint has none.
    chain('forward', [`type filter hook forward priority ${filter}`, `ip daddr ${serviceCidr} goto refuse`]),
    chain('local-output', [`type filter hook output priority ${filter}`, `ip daddr ${serviceCidr} goto refuse`]),
    chain('local-input', [
      `type filter hook input priority ${filter}`,
      'fib daddr type local ip protocol . th dport @refused-node-ports goto refuse',
    ]),
    chain('refuse', ['ip protocol tcp reject with tcp reset', 'reject with icmp port-unreachable']),
    // With route_localnet a pod could otherwise reach what the host serves on 127.0.0.1 only (CVE-2020-8558).
    chain('guard-localhost', [
      `type filter hook prerouting priority ${raw}`,
      `iifname ${quoted(bridge)} ip daddr 127.0.0.0/8 drop`,
    ]),
  ];
}

/** Chains first: rules in them keep sets from being deleted. */
function staleNames(previous: readonly ServiceRules[], current: readonly ServiceRules[]) {
  const names = (rules: readonly ServiceRules[], kind: 'chains' | 'sets') =>
    new Set(rules.flatMap((r) => r[kind].map(([name]) => name)));
  return (['chains', 'sets'] as const).flatMap((kind) => {
    const kept = names(current, kind);
    const stale = [...names(previous, kind)].filter((name) => !kept.has(name));
    return stale.map((name) => ({ kind: kind.slice(0, -1), name }));
  });
}
