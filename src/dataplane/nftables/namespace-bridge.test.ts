import { expect, it } from 'vitest';
import { portsOf } from './namespace-bridge.ts';

// As iproute2 6.1 prints it in the namespace of a rootless Podman 4.3 with two networks.
const links = `4: veth0@tap0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master k2d state UP mode DEFAULT group default qlen 1000\\    link/ether 2a:85:33:fe:5d:34 brd ff:ff:ff:ff:ff:ff link-netnsid 1
5: veth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master k2d-2 state UP mode DEFAULT group default qlen 1000\\    link/ether 52:3a:ff:03:29:73 brd ff:ff:ff:ff:ff:ff link-netnsid 2
6: veth2@if2: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN mode DEFAULT group default qlen 1000\\    link/ether 52:3a:ff:03:29:74 brd ff:ff:ff:ff:ff:ff
`;

it('finds the ports of one bridge', () => {
  expect(portsOf(links, 'k2d')).toEqual(['veth0']);
  expect(portsOf(links, 'k2d-2')).toEqual(['veth1']);
  expect(portsOf('', 'k2d')).toEqual([]);
});
