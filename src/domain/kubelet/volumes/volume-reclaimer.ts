import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import type { Logger } from '../../meta/logger.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { PersistentVolume } from '../../meta/types.ts';
import { inform } from '../../registry/informer.ts';
import type { Registry } from '../../registry/registry.ts';
import { engineVolumeDriver, persistentVolumes } from '../../resources/persistent-volume.ts';
import { isProvisioned } from './claim-plan.ts';
import type { EngineVolumes } from './engine-volumes.ts';

export type VolumeReclaimerOptions = {
  registry: Registry;
  volumes: EngineVolumes;
  logger: Logger;
  signal: AbortSignal;
};

/** Containers of the pod that had it may still be on their way out. */
const firstRetryMs = 500;
const lastRetryMs = 60_000;

/**
 * Removes the files of volumes that are released and may be deleted, then the object (the part of a CSI provisioner; kubernetes
 * pkg/controller/volume/persistentvolume/pv_controller.go reclaimVolume).
 */
export function startVolumeReclaimer({ registry, volumes, logger, signal }: VolumeReclaimerOptions): void {
  const busy = new Set<string>();

  const reclaim = async (name: string): Promise<void> => {
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(2 * retryMs, lastRetryMs)) {
      const volume = registry.find(persistentVolumes, { namespace: '', name });
      const step = volume && stepFor(volume);
      if (!step) return;
      try {
        if (step.removesFiles) await volumes.remove(volume.spec!.csi!.volumeHandle);
        // Our finalizer goes last: it is what brings the volume here again if k2d dies in between.
        if (step.removesObject) await registry.delete(persistentVolumes, keyOf(volume));
        await registry.update(persistentVolumes, keyOf(volume), released);
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!(error instanceof RuntimeError && error.code === 'Conflict'))
          logger.warn({ error, volume: name, retryMs }, 'cannot remove a released volume');
        await pause(retryMs, signal);
      }
    }
  };

  const look = (volume: PersistentVolume): void => {
    const name = metaOf(volume).name ?? '';
    if (busy.has(name) || !stepFor(volume)) return;
    busy.add(name);
    void reclaim(name).finally(() => {
      busy.delete(name);
      const now = registry.find(persistentVolumes, { namespace: '', name });
      if (now && !signal.aborted) look(now);
    });
  };

  inform(registry, persistentVolumes, ({ type, object }) => (type === 'DELETED' ? undefined : look(object)), signal);
}

type Step = { removesFiles: boolean; removesObject: boolean };

/** Undefined: nothing to do. */
function stepFor(volume: PersistentVolume): Step | undefined {
  if (!isProvisioned(volume) || !(metaOf(volume).finalizers ?? []).includes(engineVolumeDriver)) return undefined;
  const isDeleted = metaOf(volume).deletionTimestamp !== undefined;
  const isUnused = volume.status?.phase === 'Released' || (isDeleted && volume.status?.phase === 'Available');
  const removesFiles = volume.spec?.persistentVolumeReclaimPolicy === 'Delete';
  if (!isUnused || (!removesFiles && !isDeleted)) return undefined;
  return { removesFiles, removesObject: !isDeleted };
}

const released = (volume: PersistentVolume): PersistentVolume => ({
  ...volume,
  metadata: {
    ...metaOf(volume),
    finalizers: (metaOf(volume).finalizers ?? []).filter((each) => each !== engineVolumeDriver),
  },
});

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
