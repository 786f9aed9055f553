import { toTime, type Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { PersistentVolume } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../resources/persistent-volume.ts';
import { runController, source } from '../controller.ts';
import { volumePhase } from './volume-phase.ts';

export type PersistentVolumeControllerOptions = {
  registry: Registry;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Says what volumes are good for: the phase follows from the volume and its claim (kubernetes pkg/controller/volume/persistentvolume/pv_controller.go
 * syncVolume). Those which are released and may be deleted are emptied and removed by the kubelet, which knows the engine.
 */
export function startPersistentVolumeController({
  registry,
  clock,
  logger,
  signal,
}: PersistentVolumeControllerOptions): Promise<void> {
  return runController({
    name: 'persistentvolume-controller',
    registry,
    logger,
    sources: [
      source(persistentVolumes, ({ object }) => [metaOf(object).name ?? '']),
      source(persistentVolumeClaims, ({ object }) => {
        const { namespace, name } = metaOf(object);
        const isOurs = ({ spec }: PersistentVolume) =>
          spec?.claimRef?.namespace === namespace && spec?.claimRef?.name === name;
        return registry
          .all(persistentVolumes)
          .filter(isOurs)
          .map((volume) => metaOf(volume).name ?? '');
      }),
    ],
    reconcile: async (name) => {
      const volume = registry.find(persistentVolumes, { namespace: '', name });
      const phase = volume && volumePhase(registry, volume);
      if (!volume || phase === undefined || phase === volume.status?.phase) return;
      const lastPhaseTransitionTime = toTime(clock.now());
      const withPhase = (current: PersistentVolume) => ({
        ...current,
        status: { ...current.status, phase, lastPhaseTransitionTime },
      });
      await registry
        .update(persistentVolumes, keyOf(volume), withPhase, { subresource: 'status' })
        .catch(ignore(isNotFound));
    },
    signal,
    concurrency: 1,
  });
}
