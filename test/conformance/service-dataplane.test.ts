import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NftablesDataplane } from '../../src/dataplane/nftables/nftables-dataplane.ts';
import type { PlannedPort } from '../../src/domain/network/service-dataplane.ts';
import { DataplaneBed, type Engine } from './dataplane/dataplane-bed.ts';

const exec = promisify(execFile);
const NODE_PORT = 32711;
const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const engines: [Engine, number][] = [
  ['docker', 1],
  ['podman', 2],
];

describe.each(engines)('Services in the kernel, pods on %s', (engine, number) => {
  const bed = new DataplaneBed(engine, number);
  const instance = `nw-${engine}`;
  const nodePorts = { first: 32700, last: 32720 };
  const { bridge, subnet: podCidr, serviceCidr } = bed;
  const dataplane = new NftablesDataplane({ instance, bridge, podCidr, serviceCidr, nodePorts, logger });
  const apply = (...ports: PlannedPort[]) => dataplane.apply({ ports });
  const both = (protocol: 'tcp' | 'udp'): PlannedPort => bed.port({ protocol, nodePort: NODE_PORT }, 0, 1);

  beforeAll(() => bed.open());
  afterAll(async () => {
    await dataplane.remove();
    await bed.close();
  });

  const names = (answers: string[]) =>
    [...new Set(answers.map((answer) => answer.split(' ')[0]!))].toSorted((a, b) => a.localeCompare(b));
  const clients = (answers: string[]) => [...new Set(answers.map((answer) => answer.split(' ')[1]))];

  describe.each(['tcp', 'udp'] as const)('%s', (protocol) => {
    beforeAll(() => apply(both(protocol)));

    test.each([
      ['the host', () => bed.host],
      ['a pod, itself an endpoint', () => bed.pods[0]!.place],
      ['a machine outside', () => bed.outside.place],
      ['a container of another network', () => bed.stranger],
    ])('%s reaches both endpoints by the cluster address', async (_, place) => {
      expect(names(await bed.ask(place(), protocol, bed.vip(10), 80, 20))).toEqual(['pod-1', 'pod-2']);
    });

    test.each([
      ['a machine outside, at an address of the host', () => bed.outside.place, () => bed.outside.hostAddress],
      ['the host, at its own address', () => bed.host, () => bed.outside.hostAddress],
      ['the host, at 127.0.0.1', () => bed.host, () => '127.0.0.1'],
      ['a pod, itself an endpoint', () => bed.pods[1]!.place, () => bed.outside.hostAddress],
    ])('%s reaches both endpoints by the node port', async (_, place, address) => {
      expect(names(await bed.ask(place(), protocol, address(), NODE_PORT, 20))).toEqual(['pod-1', 'pod-2']);
    });

    test('without endpoints the answer is no, at once', async () => {
      await apply(bed.port({ protocol, nodePort: NODE_PORT }));
      for (const place of [bed.host, bed.outside.place, bed.pods[0]!.place]) {
        // bridge.ts says why UDP from a pod gets no answer to this one.
        const heard = protocol === 'udp' && place === bed.pods[0]!.place ? 'silence' : 'ECONNREFUSED';
        expect(await bed.ask(place, protocol, bed.vip(10), 80)).toEqual([heard]);
        expect(await bed.ask(place, protocol, bed.outside.hostAddress, NODE_PORT)).toEqual(['ECONNREFUSED']);
      }
    });
  });

  test('pods see the address of the pod that asks; from outside only where the Service wants that', async () => {
    const [asking, answering] = bed.pods as [(typeof bed.pods)[0], (typeof bed.pods)[0]];
    await apply(bed.port({ nodePort: NODE_PORT }, 1));
    expect(await bed.ask(asking.place, 'tcp', bed.vip(10), 80)).toEqual([`pod-2 ${asking.ip}`]);
    expect(clients(await bed.ask(answering.place, 'tcp', bed.vip(10), 80))).not.toEqual([answering.ip]);
    expect(clients(await bed.ask(bed.outside.place, 'tcp', bed.outside.hostAddress, NODE_PORT))).not.toEqual([
      bed.outside.address,
    ]);
    await apply(bed.port({ nodePort: NODE_PORT, keepsClientAddress: true }, 1));
    expect(clients(await bed.ask(bed.outside.place, 'tcp', bed.outside.hostAddress, NODE_PORT))).toEqual([
      bed.outside.address,
    ]);
    expect(names(await bed.ask(bed.host, 'tcp', '127.0.0.1', NODE_PORT))).toEqual(['pod-2']);
  });

  test('a pod that started later reaches itself', async () => {
    const ip = bed.pods[0]!.ip.replace(/\d+$/, '4');
    await apply(bed.port({ target: { kind: 'endpoints', endpoints: [{ ip, port: 8080 }] } }));
    await bed.addPod(3);
    await dataplane.podStarted();
    expect(names(await bed.ask(bed.pods[2]!.place, 'tcp', bed.vip(10), 80))).toEqual(['pod-3']);
  });

  test('the Service of the API leads to the host', async () => {
    await bed.serve(bed.host, 'api', 32719);
    await apply(bed.port({ clusterIP: bed.vip(1), port: 443, target: { kind: 'host', port: 32719 } }));
    expect(names(await bed.ask(bed.pods[0]!.place, 'tcp', bed.vip(1), 443))).toEqual(['api']);
    expect(names(await bed.ask(bed.host, 'tcp', bed.vip(1), 443))).toEqual(['api']);
  });

  test('a client stays with its endpoint, also when other Services change', async () => {
    const sticky = bed.port({ affinitySeconds: 60 }, 0, 1);
    await apply(sticky);
    const first = names(await bed.ask(bed.outside.place, 'tcp', bed.vip(10), 80, 10));
    expect(first).toHaveLength(1);
    for (const other of [20, 21, 22, 23, 24, 25]) {
      await apply(sticky, bed.port({ name: 'default/other:80', clusterIP: bed.vip(other) }, 0));
      expect(names(await bed.ask(bed.outside.place, 'tcp', bed.vip(10), 80, 3))).toEqual(first);
    }
  });

  test('a UDP client that keeps sending moves on when its endpoint goes, and starts when the first one comes', async () => {
    await apply(bed.port({ protocol: 'udp' }, 0));
    const send = bed.udpClient(bed.outside.place, bed.vip(10), 80);
    expect(await send()).toMatch(/^pod-1 /);
    await apply(bed.port({ protocol: 'udp' }, 1));
    expect(await send()).toMatch(/^pod-2 /);
  });

  test('new connections succeed while the rules are replaced', async () => {
    await apply(both('tcp'));
    for (let round = 0; round < 10; round += 1) {
      const other = bed.port({ name: `default/other:${round}`, clusterIP: bed.vip(20) }, round % 2);
      const asking = bed.ask(bed.outside.place, 'tcp', bed.vip(10), 80, 100);
      await apply(both('tcp'), other);
      await apply(both('tcp'));
      expect(names(await asking)).toEqual(['pod-1', 'pod-2']);
    }
  });

  test('pods do not reach what the host serves on 127.0.0.1 only', async () => {
    await bed.serve(bed.host, 'secret', 32718, '127.0.0.1');
    await apply(both('tcp'));
    expect(await bed.ask(bed.host, 'tcp', '127.0.0.1', 32718)).toEqual(['secret 127.0.0.1']);
    const { place } = bed.pods[0]!;
    const inPod = (...args: string[]) => exec(place[0]!, [...place.slice(1), ...args]);
    // A pod with NET_ADMIN can send such packets to its gateway.
    await inPod('sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1');
    await inPod('ip', 'route', 'add', '127.0.0.9/32', 'via', bed.subnet.replace('.0/24', '.1'));
    expect(await bed.ask(place, 'tcp', '127.0.0.9', 32718)).toEqual(['silence']);
  });

  test('all rules flushed by somebody else: the next change brings them back', async () => {
    await apply(both('tcp'));
    await exec('nft', ['delete', 'table', 'ip', instance.replace('-', '_')]);
    await apply(both('udp'));
    expect(names(await bed.ask(bed.host, 'udp', bed.vip(10), 80, 20))).toEqual(['pod-1', 'pod-2']);
  });

  test('removed, nothing is left; removed again, nothing fails', async () => {
    await apply(both('tcp'));
    expect((await exec('iptables-nft', ['-S'])).stdout).toContain(`${instance}:services`);
    await dataplane.remove();
    await dataplane.remove();
    expect((await exec('iptables-nft', ['-S'])).stdout).not.toContain(`${instance}:services`);
    expect((await exec('nft', ['list', 'tables'])).stdout).not.toContain(instance.replace('-', '_'));
    expect((await exec('ip', ['route'])).stdout).not.toContain(serviceCidr);
  });
});
