import { expect, test } from 'vitest';
import type { ServicePlan } from '../../domain/network/service-dataplane.ts';
import { isStale, parseUdpFlow } from './udp-flows.ts';

// Printed by conntrack 1.4.7.
const toService =
  'udp      17 24 src=10.42.0.6 dst=10.43.0.9 sport=44190 dport=53 src=10.42.0.5 dst=10.42.0.6 sport=5353 dport=44190 [ASSURED] mark=0 use=1';
const toNodePort =
  'udp      17 24 src=192.0.2.9 dst=192.0.2.2 sport=1 dport=30053 [UNREPLIED] src=192.0.2.2 dst=192.0.2.9 sport=30053 dport=1 mark=0 use=1';

const plan = (...ips: string[]): ServicePlan => ({
  ports: [
    {
      name: 'default/dns:53',
      protocol: 'udp',
      clusterIP: '10.43.0.9',
      port: 53,
      nodePort: 30053,
      keepsClientAddress: false,
      target: { kind: 'endpoints', endpoints: ips.map((ip) => ({ ip, port: 5353 })) },
    },
  ],
});
const host = new Set(['192.0.2.2', '127.0.0.1']);
const stale = (line: string, ...ips: string[]) => isStale(parseUdpFlow(line)!, plan(...ips), host);

test('reads who is asked and who answers', () => {
  expect(parseUdpFlow(toService)).toEqual({ to: '10.43.0.9', port: 53, answeredBy: '10.42.0.5', answerPort: 5353 });
  expect(parseUdpFlow('conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.')).toBeUndefined();
  expect(parseUdpFlow('')).toBeUndefined();
});

test('a conversation is stale when its endpoint is none any more', () => {
  expect(stale(toService, '10.42.0.5', '10.42.0.7')).toBe(false);
  expect(stale(toService, '10.42.0.7')).toBe(true);
  expect(stale(toService)).toBe(true);
});

test('one with a node port that was not served is, too; what only has the same port number elsewhere is not', () => {
  expect(stale(toNodePort, '10.42.0.5')).toBe(true);
  expect(stale(toNodePort.replaceAll('192.0.2.2', '203.0.113.4'), '10.42.0.5')).toBe(false);
  expect(stale(toService.replaceAll('10.43.0.9', '10.43.0.8'))).toBe(false);
});
