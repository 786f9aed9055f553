import type { PlannedPort, ServicePlan } from '../../domain/network/service-dataplane.ts';

/** A tracked UDP conversation: to whom the client sends, and who answers. */
export type UdpFlow = { to: string; port: number; answeredBy: string; answerPort: number };

/** Reads one line of `conntrack -L -p udp`: the client's tuple, then that of the answers. Undefined for other lines. */
export function parseUdpFlow(line: string): UdpFlow | undefined {
  if (!line.startsWith('udp ')) return undefined;
  const all = (key: string) => [...line.matchAll(new RegExp(` ${key}=(\\S+)`, 'g'))].map((match) => match[1]!);
  const [to] = all('dst');
  const [port] = all('dport');
  const [, answeredBy] = all('src');
  const [, answerPort] = all('sport');
  if (to === undefined || port === undefined || answeredBy === undefined || answerPort === undefined) return undefined;
  return { to, port: Number(port), answeredBy, answerPort: Number(answerPort) };
}

/**
 * True for a conversation with a Service that is not with one of its endpoints. UDP has no end, so the kernel keeps sending to an endpoint that is gone
 * as long as the client goes on, and to the host itself where a node port had no endpoint yet (kubernetes pkg/proxy/conntrack/cleanup.go).
 */
export function isStale(flow: UdpFlow, plan: ServicePlan, hostAddresses: ReadonlySet<string>): boolean {
  const port = plan.ports.find((p) => isUdp(p) && isFor(flow, p, hostAddresses));
  if (!port || port.target.kind === 'host') return false;
  return !port.target.endpoints.some((e) => e.ip === flow.answeredBy && e.port === flow.answerPort);
}

/** The arguments of conntrack that forget it. */
export const forgetFlow = ({ to, port, answeredBy, answerPort }: UdpFlow): string[] => [
  '-D',
  '-p',
  'udp',
  '--orig-dst',
  to,
  '--orig-port-dst',
  String(port),
  '--reply-src',
  answeredBy,
  '--reply-port-src',
  String(answerPort),
];

/** What of a plan concerns UDP. */
export const udpPorts = ({ ports }: ServicePlan): PlannedPort[] => ports.filter(isUdp);

const isUdp = ({ protocol }: PlannedPort): boolean => protocol === 'udp';

const isFor = ({ to, port }: UdpFlow, planned: PlannedPort, hostAddresses: ReadonlySet<string>): boolean =>
  (to === planned.clusterIP && port === planned.port) || (port === planned.nodePort && hostAddresses.has(to));
