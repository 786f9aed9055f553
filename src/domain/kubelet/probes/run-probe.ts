import type { Container } from '../../meta/types.ts';
import { httpProbe } from './http-probe.ts';
import type { ProbeResult } from './probe-result.ts';
import { tcpProbe } from './tcp-probe.ts';

export type Probe = NonNullable<Container['readinessProbe']>;

/** One check, bounded by the probe's timeout. */
export async function runProbe(
  probe: Probe,
  container: Container,
  ip: string,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  if (probe.httpGet) return httpProbe(probe.httpGet, portOf(container, probe.httpGet.port), ip, limit);
  return tcpProbe(portOf(container, probe.tcpSocket!.port), probe.tcpSocket!.host ?? ip, limit);
}

/** A number, or the name of one of the container's ports. */
export function portOf(container: Container, port: unknown): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find((p) => p.name === port)?.containerPort;
  return named ?? Number(port);
}
