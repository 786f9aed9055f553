import { describe, expect, it } from 'vitest';
import type { RuntimeInfo } from '../../container-runtime/container-runtime.ts';
import { observedStatus, type NodeObservation } from './node-observation.ts';
import { nodeStatus } from './node-status.ts';

const gibibyte = 2 ** 30;
const start = new Date('2026-01-01T00:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

const registered = nodeStatus(
  { metadata: { name: 'plc-1' } },
  {
    info: { name: 'docker', cpus: 4, memoryBytes: gibibyte } as RuntimeInfo,
    name: 'plc-1',
    hostIp: '10.0.0.1',
    kubeletVersion: 'v1.35.0',
    machineId: 'm',
    maxPods: 110,
    reserved: { cpu: '500m' },
    ready: true,
    now: start,
  },
);

const calm: NodeObservation = {
  hostIp: '10.0.0.1',
  bootId: 'boot',
  disk: { totalBytes: 100 * gibibyte, availableBytes: 50 * gibibyte, totalInodes: 100, freeInodes: 50 },
  availableMemoryBytes: gibibyte,
  processes: { count: 100, most: 32_768 },
  images: [],
};

const observe = (change: Partial<NodeObservation>, now = start, status = registered) =>
  observedStatus(status, { ...calm, ...change }, { cpu: '500m' }, now);

const statuses = (change: Partial<NodeObservation>) =>
  Object.fromEntries((observe(change).conditions ?? []).map(({ type, status }) => [type, status]));

describe('observedStatus', () => {
  it('tells capacity, and what of it pods can have', () => {
    expect(observe({})).toMatchObject({
      capacity: { cpu: '4', memory: '1048576Ki', pods: '110', 'ephemeral-storage': '104857600Ki' },
      allocatable: { cpu: '3500m', memory: '924Mi', pods: '110', 'ephemeral-storage': '90Gi' },
      nodeInfo: { bootID: 'boot', machineID: 'm' },
    });
  });

  it.each([
    ['MemoryPressure', { availableMemoryBytes: 99 * 2 ** 20 }],
    ['DiskPressure', { disk: { ...calm.disk!, availableBytes: 14 * gibibyte } }],
    ['DiskPressure', { disk: { ...calm.disk!, freeInodes: 4 } }],
    ['PIDPressure', { processes: { count: 32_000, most: 32_768 } }],
  ])('%s under %j', (type, change) => {
    const none = { MemoryPressure: 'False', DiskPressure: 'False', PIDPressure: 'False', Ready: 'True' };
    expect(statuses({})).toEqual(none);
    expect(statuses(change)).toEqual({ ...none, [type]: 'True' });
  });

  it('follows the address', () =>
    expect(observe({ hostIp: '10.0.0.9' }).addresses).toContainEqual({ type: 'InternalIP', address: '10.0.0.9' }));

  it('shows the largest images by a few of their names', () => {
    const image = (n: number) => ({ id: `${n}`, tags: [`t${n}`], digests: ['1', '2', '3', '4', '5'], sizeBytes: n });
    const { images = [] } = observe({ images: Array.from({ length: 60 }, (_, n) => image(n)) });
    expect(images).toHaveLength(50);
    expect(images[0]).toEqual({ names: ['1', '2', '3', '4', '5'], sizeBytes: 59 });
    const leftOver = { ...image(2), tags: [], digests: [] };
    expect(observe({ images: [leftOver, { ...image(1), digests: [] }] }).images).toEqual([
      { names: ['t1'], sizeBytes: 1 },
    ]);
  });

  it('is the same until something changes, or for five minutes', () => {
    const seen = observe({});
    expect(observe({ availableMemoryBytes: gibibyte - 1 }, later(299), seen)).toBe(seen);
    const beat = observe({}, later(300), seen);
    expect(beat.conditions).toEqual(
      seen.conditions!.map((one) => ({ ...one, lastHeartbeatTime: '2026-01-01T00:05:00Z' })),
    );
    const pressed = observe({ availableMemoryBytes: 0 }, later(10), seen).conditions;
    expect(pressed).toContainEqual(
      expect.objectContaining({ type: 'MemoryPressure', lastTransitionTime: '2026-01-01T00:00:10Z' }),
    );
  });

  it('keeps what it cannot see', () => {
    const seen = observe({ images: [{ id: '1', tags: ['a'], digests: [], sizeBytes: 1 }] });
    const blind = { disk: undefined, images: undefined, availableMemoryBytes: undefined, processes: undefined };
    expect(observe({ ...blind, bootId: undefined }, later(1), seen)).toBe(seen);
  });
});
