import type { Container } from '../../meta/types.ts';
import { execProbe, type ExecTarget, type Overdue } from './exec-probe.ts';
import { httpProbe } from './http-probe.ts';
import type { ProbeResult } from './probe-result.ts';
import { tcpProbe } from './tcp-probe.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

export type ProbeTarget = ExecTarget & { container: Container; ip: string; overdue: Overdue };

/** One check, bounded by the probe's timeout. */
export function runProbe(probe: Probe, target: ProbeTarget, signal: AbortSignal): Promise<ProbeResult> {
  const { container, ip, overdue } = target;
  const { exec, httpGet, tcpSocket, grpc, timeoutSeconds = 1 } = probe;
  if (exec) return execProbe(exec.command ?? [], target, timeoutSeconds * 1000, overdue, signal);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]);
  if (grpc) return probeByGrpc(grpc, ip, limit);
  if (httpGet) return httpProbe(httpGet, portOf(container, httpGet.port), ip, limit);
  return tcpProbe(portOf(container, tcpSocket?.port), tcpSocket?.host || ip, limit);
}

/** HTTP/2 takes more than 1 MB of memory, so it is loaded with the first such probe. */
async function probeByGrpc(
  { port, service = '' }: NonNullable<Probe['grpc']>,
  ip: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const { grpcProbe } = await import('./grpc-probe.ts');
  return grpcProbe(port, service, ip, signal);
}

/** A number, or the name of one of the container's ports. */
export function portOf(container: Container, port: unknown): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((p) => p.name === port)?.containerPort;
  return named ?? Number(port);
}
