import type { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostAddress } from './host-address.ts';

const routes = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth1	00000000	010200C0	0003	0	0	200	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
`;

const at = (address: string, internal = false) => [
  { address, netmask: '255.255.255.0', family: 'IPv4' as const, mac: '00:00:00:00:00:00', internal, cidr: null },
];

const interfaces: ReturnType<typeof networkInterfaces> = {
  lo: at('127.0.0.1', true),
  docker0: at('172.17.0.1'),
  eth1: at('192.0.2.7'),
  eth0: at('192.0.2.2'),
};

describe('hostAddress', () => {
  it('is that of the interface with the best default route', () => {
    expect(hostAddress(routes, interfaces)).toBe('192.0.2.2');
  });

  it('is any that others can reach where no route leads out', () => {
    expect(hostAddress('', interfaces)).toBe('172.17.0.1');
  });

  it('is the loopback’s on a device without a network', () => {
    expect(hostAddress('', { lo: at('127.0.0.1', true) })).toBe('127.0.0.1');
  });
});
