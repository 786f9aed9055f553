import { execFile } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { NetworkLink, SecondaryNetworkSpec } from '../../../src/domain/container-runtime/network.ts';
import { OutsideMachine } from '../dataplane/outside-machine.ts';
import { askWith, peerIn } from '../dataplane/place.ts';
import type { RuntimeBed } from './runtime-bed.ts';

const exec = promisify(execFile);

/** What a pod has beside its own network: a machine on the other end of a link of the host answers, or is answered. */
export function secondaryNetworkCases(bed: RuntimeBed): void {
  const { test, runtime, spec, sandboxSpec, own, start, status, eventually, address, labels, prefix } = bed;
  const subnet = bed.subnet.replace('231', '232');
  const plant = new OutsideMachine(`${prefix}wire`, subnet);
  const wire = `${prefix}wire-o`;
  const macvlan: NetworkLink = { kind: 'macvlan', parent: wire, mode: 'bridge' };

  /** The network, and the other machine, as long as the case takes. */
  const open = async (link: NetworkLink, more: Partial<SecondaryNetworkSpec> = {}): Promise<string> => {
    const network = bed.name('lan');
    await plant.close();
    await plant.open();
    // Podman takes no bridge into a subnet that the host is in already.
    if (link.kind === 'bridge') await exec('ip', ['address', 'flush', 'dev', wire]);
    onTestFinished(async () => {
      for (const { id } of await runtime().sandboxes.list(labels)) await runtime().sandboxes.remove(id);
      for (const { id, name } of await runtime().containers.list())
        if (name.startsWith(prefix)) await runtime().containers.remove(id);
      await runtime().networks.remove(network);
      await plant.close();
    });
    const made = { name: network, labels, subnet: `${subnet}.0/24`, gateway: `${subnet}.254`, link, ...more };
    await runtime().networks.createSecondary(made);
    return network;
  };

  const canIdentify = async () => (await runtime().info()).capabilities.interfaceIdentity;

  /** A Docker on the same machine has the kernel drop what crosses the bridges of others (FORWARD, where bridges are filtered). */
  const passing = async (bridge: string) => {
    const rule = ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT'];
    await exec('iptables', ['-I', ...rule]);
    onTestFinished(async () => void (await exec('iptables', ['-D', ...rule])));
  };

  const SERVE = 'ip route; ip address show; echo ready; exec nc -ll -p 8080 -e echo from the pod';
  const asked = (ip: string) =>
    eventually('the pod answers on the wire', async () => {
      const [answer] = await askWith(peerIn(plant.place), 'tcp', ip, 8080);
      return answer === 'from the pod' ? answer : undefined;
    });

  test('a container on a macvlan network is reached on the wire, also after a restart', async () => {
    const network = await open(macvlan);
    // Who is on the wire remembers a hardware address for longer than a restart takes.
    const identity = (await canIdentify()) ? { mac: '0a:58:0a:e8:00:14' } : {};
    const attachments = [{ network, ip: `${subnet}.20`, ...identity }];
    const id = await start(spec(SERVE, own({ network: address(50), attachments })));
    await asked(`${subnet}.20`);
    const { addresses } = await status(id);
    expect(addresses.map(({ network: on, ip: at }) => `${on} ${at}`).toSorted()).toEqual(
      [`${bed.network.name} ${bed.subnet}.50`, `${network} ${subnet}.20`].toSorted(),
    );
    expect(addresses.every(({ mac }) => /^[0-9a-f:]{17}$/.test(mac ?? ''))).toBe(true);
    expect((await bed.linesOf(id, 'ready')).filter((line) => line.startsWith('default '))).toEqual([
      expect.stringMatching(`^default via ${bed.network.gateway} dev eth0`),
    ]);
    await runtime().containers.restart(id, 0);
    await asked(`${subnet}.20`);
  });

  test('a sandbox is on its second network with all its members', async () => {
    const network = await open(macvlan);
    const attachments = [{ network, ip: `${subnet}.21` }];
    const id = await runtime().sandboxes.run(sandboxSpec({ network: address(51), attachments }));
    await start(spec(SERVE, { sandbox: { kind: 'member', id } }));
    await asked(`${subnet}.21`);
    const { addresses } = (await runtime().sandboxes.status(id))!;
    expect(addresses).toContainEqual(expect.objectContaining({ network, ip: `${subnet}.21` }));
  });

  test('a container joins a bridge of the host, which gets no address', async () => {
    const bridge = `${prefix}lan`;
    await exec('ip', ['link', 'add', bridge, 'type', 'bridge']);
    onTestFinished(async () => void (await exec('ip', ['link', 'del', bridge]).catch(() => undefined)));
    const network = await open({ kind: 'bridge', bridge, isGateway: false });
    await exec('ip', ['link', 'set', wire, 'master', bridge]);
    await exec('ip', ['link', 'set', bridge, 'up']);
    await passing(bridge);
    await start(spec(SERVE, own({ network: address(52), attachments: [{ network, ip: `${subnet}.22` }] })));
    await asked(`${subnet}.22`);
    expect((networkInterfaces()[bridge] ?? []).filter(({ family }) => family === 'IPv4')).toEqual([]);
  });

  test('the host has the address of a gateway on a bridge where it is to be one', async () => {
    const bridge = `${prefix}lan`;
    const network = await open(
      { kind: 'bridge', bridge, isGateway: true },
      { subnet: `${subnet}.64/26`, gateway: `${subnet}.65` },
    );
    await start(spec('sleep 60', own({ network: address(53), attachments: [{ network, ip: `${subnet}.70` }] })));
    expect(networkInterfaces()[bridge]).toContainEqual(expect.objectContaining({ address: `${subnet}.65` }));
  });

  test('interfaces are what they are asked to be, where the engine can', async () => {
    const interfaceIdentity = await canIdentify();
    const network = await open(macvlan, { mtu: 1400 });
    const identity = interfaceIdentity ? { interface: 'plant', mac: '0a:58:0a:e8:00:17' } : {};
    const attachments = [{ network, ip: `${subnet}.23`, ...identity }];
    const id = await start(spec(SERVE, own({ network: address(54), attachments })));
    const shown = (await bed.linesOf(id, 'ready')).join('\n');
    expect(shown).toMatch(interfaceIdentity ? /: plant@\S+: .* mtu 1400 / : /: eth1@\S+: .* mtu \d+ /);
    if (interfaceIdentity) expect(shown).toContain('0a:58:0a:e8:00:17');
  });

  test('secondary networks are listed by labels', async () => {
    const network = await open(macvlan, { labels: { ...labels, which: 'second' } });
    const listed = await runtime().networks.list({ ...labels, which: 'second' });
    expect(listed).toEqual([
      { name: network, labels: { ...labels, which: 'second' }, subnet: `${subnet}.0/24`, bridge: '' },
    ]);
  });

  test('a network over a link that is not there is refused', async () => {
    await expect(open({ ...macvlan, parent: `${prefix}none` })).rejects.toMatchObject({ name: 'RuntimeError' });
  });

  test('a container is not left behind when it cannot join a network', async () => {
    const wanted = spec(
      'sleep 60',
      own({ network: address(55), attachments: [{ network: bed.name('no'), ip: '10.1.1.2' }] }),
    );
    await expect(start(wanted)).rejects.toMatchObject({ name: 'RuntimeError' });
    const left = (await runtime().containers.list()).find(({ name }) => name === wanted.name);
    if (left) expect(left.state).not.toBe('running');
  });
}
