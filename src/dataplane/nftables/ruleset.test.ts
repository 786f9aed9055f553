import { expect, test } from 'vitest';
import type { PlannedPort, ServicePlan } from '../../domain/network/service-dataplane.ts';
import { ruleset } from './ruleset.ts';

const options = {
  table: 'k2d',
  bridge: 'k2d',
  podCidr: '10.42.0.0/16',
  serviceCidr: '10.43.0.0/16',
  masqueradePodToPod: false,
};

const port = (fields: Partial<PlannedPort>, ...ips: string[]): PlannedPort => ({
  name: 'default/web:80',
  protocol: 'tcp',
  clusterIP: '10.43.0.9',
  port: 80,
  keepsClientAddress: false,
  target: { kind: 'endpoints', endpoints: ips.map((ip) => ({ ip, port: 8080 })) },
  ...fields,
});
const plan = (...ports: PlannedPort[]): ServicePlan => ({ ports });

/** The lines of one chain, map or set. */
function part(text: string, name: string): string[] {
  const [, body] = new RegExp(`^  \\w+ ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)^  \\}`, 'm').exec(text) ?? [];
  return (
    body
      ?.trimEnd()
      .split('\n')
      .map((line) => line.trim()) ?? []
  );
}
const chainOf = (text: string, map: string): string => /goto (\S+)/.exec(part(text, map).join(' '))![1]!;

test('a Service port is one element of a map and one chain', () => {
  const text = ruleset(plan(port({}, '10.42.0.5')), options);
  expect(part(text, 'services')[1]).toMatch(/^elements = \{ 10\.43\.0\.9 \. tcp \. 80 : goto service-[0-9a-f]{12} \}$/);
  expect(part(text, chainOf(text, 'services'))).toEqual([
    'ip protocol tcp dnat to 10.42.0.5:8080 comment "default/web:80"',
  ]);
  expect(part(text, 'hairpins')[1]).toBe('elements = { 10.42.0.5 . 10.42.0.5 }');
  expect(part(text, 'node-ports')).toEqual(['type inet_proto . inet_service : verdict']);
});

test('several endpoints share by chance; the node port marks what comes from outside', () => {
  const text = ruleset(plan(port({ nodePort: 30080 }, '10.42.0.5', '10.42.0.6')), options);
  expect(part(text, chainOf(text, 'services'))).toEqual([
    'ip protocol tcp dnat to numgen random mod 2 map { 0 : 10.42.0.5 . 8080, 1 : 10.42.0.6 . 8080 } comment "default/web:80"',
  ]);
  expect(part(text, chainOf(text, 'node-ports'))).toEqual([
    'meta mark set meta mark or 0x4000 comment "default/web:80"',
    `goto ${chainOf(text, 'services')}`,
  ]);
  const local = ruleset(plan(port({ nodePort: 30080, keepsClientAddress: true }, '10.42.0.5')), options);
  expect(chainOf(local, 'node-ports')).toBe(chainOf(local, 'services'));
});

test('without endpoints there is nothing to go to, and the node port is refused', () => {
  const text = ruleset(plan(port({ nodePort: 30080 })), options);
  expect(part(text, 'services')).toEqual(['type ipv4_addr . inet_proto . inet_service : verdict']);
  expect(part(text, 'refused-node-ports')[1]).toBe('elements = { tcp . 30080 }');
});

test('the first load replaces the table; later ones keep the sets that remember clients and drop what is left over', () => {
  const sticky = port({ affinitySeconds: 60 }, '10.42.0.5', '10.42.0.6');
  const before = plan(sticky);
  expect(ruleset(before, options).split('\n').slice(0, 2)).toEqual(['table ip k2d', 'delete table ip k2d']);
  const text = ruleset(plan(port({ affinitySeconds: 60 }, '10.42.0.5')), options, before);
  expect(text).toMatch(/^flush table ip k2d\nflush map ip k2d services\n/);
  expect(text).not.toContain('delete table');
  expect(text.match(/^delete (chain ip k2d endpoint|set ip k2d clients)-[0-9a-f]{12}$/gm)).toHaveLength(2);
});

test('pods are masqueraded among themselves only where bridged traffic passes the host’s tracking by', () => {
  const rule = 'ip saddr 10.42.0.0/16 ip daddr 10.42.0.0/16 masquerade';
  expect(part(ruleset(plan(), options), 'postrouting')).not.toContain(rule);
  expect(part(ruleset(plan(), { ...options, masqueradePodToPod: true }), 'postrouting')).toContain(rule);
});
