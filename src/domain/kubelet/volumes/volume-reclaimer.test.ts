import { expect, test, vi } from 'vitest';
import type { PersistentVolume } from '../../meta/types.ts';
import { openTestRegistry } from '../../registry/registry-fixture.ts';
import { engineVolumeDriver, persistentVolumes } from '../../resources/persistent-volume.ts';
import type { EngineVolumes } from './engine-volumes.ts';
import { startVolumeReclaimer } from './volume-reclaimer.ts';

const key = { namespace: '', name: 'made' };
const made: PersistentVolume = {
  metadata: {
    ...key,
    annotations: { 'pv.kubernetes.io/provisioned-by': engineVolumeDriver },
    finalizers: [engineVolumeDriver],
  },
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Delete',
    csi: { driver: engineVolumeDriver, volumeHandle: 'data' },
  },
};

test.each(['update', 'delete'] as const)('a volume goes although k2d died when it was to %s it', async (step) => {
  const registry = await openTestRegistry();
  await registry.create(persistentVolumes, made);
  await registry.update(persistentVolumes, key, (found) => ({ ...found, status: { phase: 'Released' } }), {
    subresource: 'status',
  });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const removed: string[] = [];
  const volumes = { remove: async (handle: string) => void removed.push(handle) } as unknown as EngineVolumes;
  const run = () => {
    const life = new AbortController();
    startVolumeReclaimer({ registry, volumes, logger, signal: life.signal });
    return life;
  };

  const dies = vi.spyOn(registry, step).mockRejectedValueOnce(new Error('k2d died'));
  const first = run();
  await vi.waitFor(() => expect(dies).toHaveBeenCalled(), { interval: 5 });
  first.abort();

  const second = run();
  await vi.waitFor(() => expect(registry.find(persistentVolumes, key)).toBeUndefined(), { interval: 5 });
  second.abort();
  expect(new Set(removed)).toEqual(new Set(['data']));
});
