import { expect, it, vi } from 'vitest';
import { openTestRegistry, silentLogger } from '../../registry/registry-fixture.ts';
import { nodes } from '../../resources/node.ts';
import { NodeObserver } from './node-observer.ts';

it('looks again after some seconds, also when the clock was set back meanwhile', async () => {
  const registry = await openTestRegistry();
  await registry.create(nodes, { metadata: { name: 'plc-1' } });
  let now = Date.parse('2026-03-01T12:00:00Z');
  const disk = vi.fn(async () => undefined);
  const observer = new NodeObserver({
    registry,
    nodeName: 'plc-1',
    images: { list: async () => [] },
    reserved: {},
    hostIp: () => '192.0.2.1',
    disk,
    clock: { now: () => new Date(now) },
    logger: silentLogger,
  });
  const looksAfter = async (seconds: number) => {
    now += seconds * 1000;
    disk.mockClear();
    await observer.refresh();
    return disk.mock.calls.length;
  };
  expect(await looksAfter(0)).toBe(1);
  expect(await looksAfter(9)).toBe(0);
  // More than once where the machine is so slow that the look before has not ended.
  await expect.poll(() => looksAfter(1), { timeout: 10_000 }).toBe(1);
  await expect.poll(() => looksAfter(-3600), { timeout: 10_000 }).toBe(1);
});
