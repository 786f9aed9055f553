import { describe, expect, it } from 'vitest';
import { cniConfig } from './cni-config.ts';

const ipam = { type: 'static', addresses: [{ address: '192.168.7.20/24', gateway: '192.168.7.1' }] };
const fixed = { kind: 'static', address: { ip: '192.168.7.20', subnet: '192.168.7.0/24' }, gateway: '192.168.7.1' };
const local = { type: 'host-local', subnet: '10.9.8.0/24' };
const macvlan = { cniVersion: '0.3.1', name: 'plant', type: 'macvlan', master: 'eth0', ipam };
const read = (config: unknown) => cniConfig(typeof config === 'string' ? config : JSON.stringify(config));

describe('cniConfig', () => {
  const link = { kind: 'macvlan', parent: 'eth0', mode: 'bridge' };

  it.each([
    [macvlan, { link, ipam: fixed }],
    [
      { cniVersion: '0.3.1', plugins: [macvlan] },
      { link, ipam: fixed },
    ],
    [
      { ...macvlan, mode: 'vepa', mtu: 1400 },
      { link: { ...link, mode: 'vepa' }, mtu: 1400, ipam: fixed },
    ],
    [
      { ...macvlan, ipam: { type: 'static' } },
      { link, ipam: { kind: 'static' } },
    ],
    [
      {
        type: 'bridge',
        bridge: 'br0',
        isGateway: true,
        ipam: { ...local, rangeStart: '10.9.8.20', rangeEnd: '10.9.8.29' },
      },
      {
        link: { kind: 'bridge', bridge: 'br0', isGateway: true },
        ipam: { kind: 'range', subnet: '10.9.8.0/24', first: 20, last: 29 },
      },
    ],
    [
      { type: 'bridge', ipam: { type: 'host-local', ranges: [[{ subnet: '10.9.8.0/29', gateway: '10.9.8.1' }]] } },
      {
        link: { kind: 'bridge', bridge: 'cni0', isGateway: false },
        ipam: { kind: 'range', subnet: '10.9.8.0/29', first: 1, last: 6, gateway: '10.9.8.1' },
      },
    ],
  ])('reads %#', (config, expected) => {
    expect(read(config)).toEqual({ kind: 'config', config: expected });
  });

  it.each([
    ['{', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    [{ plugins: 'macvlan' }, 'plugins is no list of objects'],
    [{ plugins: [] }, 'plugins is empty'],
    [{ master: 'eth0' }, 'type is missing'],
    [{ ...macvlan, master: 'eth0; reboot' }, 'master: "eth0; reboot" is no name of an interface'],
    [{ ...macvlan, mode: 'switch' }, 'mode: "switch" is none of bridge, private, vepa, passthru'],
    [{ ...macvlan, mtu: -1 }, 'mtu is no number of bytes'],
    [{ ...macvlan, ipam: 'static' }, 'ipam is no object'],
    [
      { ...macvlan, ipam: { type: 'static', addresses: [{ address: '192.168.7.20' }] } },
      '"192.168.7.20" is no IPv4 address with the length of its subnet',
    ],
    [
      { ...macvlan, ipam: { type: 'static', addresses: [{ address: '192.168.7.20/24', gateway: '192.168.8.1' }] } },
      'the gateway 192.168.8.1 is not in 192.168.7.0/24',
    ],
    [{ ...macvlan, ipam: { type: 'host-local' } }, '"" is no IPv4 subnet'],
    [{ ...macvlan, ipam: { ...local, rangeStart: '10.9.9.1' } }, 'rangeStart and rangeEnd are no range of 10.9.8.0/24'],
    [
      { ...macvlan, ipam: { ...local, rangeStart: '10.9.8.9', rangeEnd: '10.9.8.8' } },
      'rangeStart and rangeEnd are no range of 10.9.8.0/24',
    ],
  ])('refuses %j', (config, message) => {
    expect(read(config)).toEqual({ kind: 'malformed', message });
  });

  it.each([
    ['', 'it has no spec.config, and there are no configuration files here'],
    [{ ...macvlan, type: 'ipvlan' }, 'type "ipvlan"; it can be macvlan or bridge'],
    [{ plugins: [macvlan, { type: 'tuning' }] }, 'the further plugin "tuning"'],
    [{ type: 'macvlan', ipam }, 'a macvlan without its master'],
    [{ type: 'bridge', vlan: 7, ipam }, 'vlan'],
    [{ ...macvlan, ipam: { type: 'dhcp' } }, 'ipam.type "dhcp"; it can be static or host-local'],
    [{ ...macvlan, ipam: undefined }, 'a network without addresses: ipam is missing'],
    [{ ...macvlan, ipam: { ...ipam, routes: [{ dst: '0.0.0.0/0' }] } }, 'ipam.routes'],
    [{ ...macvlan, ipam: { ...local, subnet: '10.9.8.0/31' } }, 'the subnet 10.9.8.0/31; its length can be 8 to 30'],
  ])('does not do %j', (config, message) => {
    expect(read(config)).toEqual({ kind: 'unsupported', message });
  });
});
