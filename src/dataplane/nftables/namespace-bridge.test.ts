import { describe, expect, it } from 'vitest';
import { portsOf, prepareNamespaceBridge } from './namespace-bridge.ts';
import type { RunProgram } from './namespace-programs.ts';

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

describe('the ports of a bridge', () => {
  /** Two ports; the second goes with its container before it is set up, if `goes`. */
  function kernel({ goes, isFaulty = false }: { goes: boolean; isFaulty?: boolean }) {
    const there = new Set(['veth0', 'veth1']);
    const set = new Set<string>();
    const run: RunProgram = async (_program, _args, options) => {
      const commands = options?.input;
      if (commands === undefined)
        return [...there].map((port, i) => `${i}: ${port}@if2: <UP> mtu 1500 master k2d state UP`).join('\n');
      if (isFaulty) throw new Error('ip: RTNETLINK answers: Operation not permitted\nCommand failed -:1');
      if (goes) there.delete('veth1');
      const ports = commands.split('\n').flatMap((command) => / dev (\S+) /.exec(command)?.[1] ?? []);
      for (const port of ports) if (there.has(port)) set.add(port);
      const gone = ports.find((port) => !there.has(port));
      if (gone) throw new Error(`ip: Cannot find device "${gone}"\nCommand failed -:2`);
      return '';
    };
    return { run, set };
  }

  it('are set up; one that goes meanwhile is no fault', async () => {
    for (const goes of [false, true]) {
      const { run, set } = kernel({ goes });
      await prepareNamespaceBridge({ bridge: 'k2d' }, run);
      expect([...set]).toEqual(goes ? ['veth0'] : ['veth0', 'veth1']);
    }
  });

  it('that cannot be set up are a fault', async () => {
    const { run } = kernel({ goes: false, isFaulty: true });
    await expect(prepareNamespaceBridge({ bridge: 'k2d' }, run)).rejects.toThrow('Operation not permitted');
  });
});
