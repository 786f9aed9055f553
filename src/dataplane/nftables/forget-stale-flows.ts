import { networkInterfaces } from 'node:os';
import type { ServicePlan } from '../../domain/network/service-dataplane.ts';
import type { RunProgram } from './namespace-programs.ts';
import { ProgramError } from './run-program.ts';
import { forgetFlow, isStale, parseUdpFlow, udpPorts, type UdpFlow } from './udp-flows.ts';

/** Ends the UDP conversations that go past the plan, so that the next packet of each is translated anew. */
export async function forgetStaleFlows(plan: ServicePlan, run: RunProgram, signal?: AbortSignal): Promise<void> {
  if (udpPorts(plan).length === 0) return;
  const local = hostAddresses();
  const listing = await run('conntrack', ['-L', '-p', 'udp'], { signal });
  const flows = listing.split('\n').flatMap((line) => parseUdpFlow(line) ?? []);
  const stale = flows.filter((flow) => isStale(flow, plan, local));
  for (const flow of new Map(stale.map((f) => [forgetFlow(f).join(), f])).values()) await forget(flow, run, signal);
}

const hostAddresses = (): Set<string> =>
  new Set(Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address)));

/** It may have ended meanwhile, for which conntrack fails, too. */
async function forget(flow: UdpFlow, run: RunProgram, signal?: AbortSignal): Promise<void> {
  await run('conntrack', forgetFlow(flow), { signal }).catch((error: unknown) => {
    if (!(error instanceof ProgramError) || !error.message.includes(' 0 flow entries')) throw error;
  });
}
