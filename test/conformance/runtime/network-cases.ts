import { expect } from 'vitest';
import type { RuntimeBed } from './runtime-bed.ts';

export function networkCases({
  test,
  runtime,
  network,
  subnet,
  labels,
  prefix,
  spec,
  sandboxSpec,
  own,
  start,
  address,
}: RuntimeBed): void {
  const networks = () => runtime().networks;
  const second = {
    name: `${prefix}net2`,
    labels,
    bridge: `${prefix}1`,
    subnet: `${subnet}.128/25`,
    gateway: `${subnet}.129`,
    dynamicRange: `${subnet}.192/26`,
  };

  test('a network has a name, labels, a subnet and a bridge', async () => {
    const { name, bridge, subnet: cidr } = network;
    expect(await networks().status(name)).toEqual({ name, labels, subnet: cidr, bridge });
  });

  test('a network of a name that exists is refused, whatever its subnet', async () => {
    await expect(networks().create({ ...second, name: network.name })).rejects.toMatchObject({ code: 'AlreadyExists' });
  });

  test('a subnet that overlaps another network is a conflict', async () => {
    const overlapping = { ...second, subnet: `${subnet}.0/24`, gateway: `${subnet}.1` };
    await expect(networks().create(overlapping)).rejects.toMatchObject({ code: 'Conflict' });
  });

  test('a network can be removed twice, and then has no status', async () => {
    await networks().create(second);
    expect((await networks().status(second.name))?.subnet).toBe(second.subnet);
    await networks().remove(second.name);
    expect(await networks().status(second.name)).toBeUndefined();
    await networks().remove(second.name);
  });

  test('an address that another container has is told from other conflicts', async () => {
    await start(spec('sleep 60', own({ network: address(21) })));
    const inUse = { name: 'RuntimeError', code: 'AddressInUse' };
    await expect(start(spec('sleep 60', own({ network: address(21) })))).rejects.toMatchObject(inUse);
    await expect(runtime().sandboxes.run(sandboxSpec({ network: address(21) }))).rejects.toMatchObject(inUse);
  });

  test('removing a network with containers is a conflict', async () => {
    await start(spec('sleep 60', own({ network: address(20) })));
    await expect(networks().remove(network.name)).rejects.toMatchObject({ code: 'Conflict' });
  });
}
