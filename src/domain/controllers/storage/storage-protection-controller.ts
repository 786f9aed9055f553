import type { Logger } from '../../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey } from '../../meta/object-key.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { persistentVolumes } from '../../resources/persistent-volume.ts';
import { claimsOfPod } from '../../resources/pod-claims.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { claimProtection, volumeProtection } from '../../resources/storage-protection.ts';
import { hasFinalizer, withoutFinalizer } from '../finalizers.ts';
import { runController, source } from '../controller.ts';
import { isPodTerminal } from '../pod-lifecycle.ts';
import { volumePhase } from './volume-phase.ts';

export type StorageProtectionControllerOptions = { registry: Registry; logger: Logger; signal: AbortSignal };

/**
 * Lets deleted claims and volumes go once nobody uses them (kubernetes pkg/controller/volume/pvcprotection, pvprotection): a claim while pods mount it, a
 * volume while a claim has it.
 */
export function startStorageProtectionController({
  registry,
  logger,
  signal,
}: StorageProtectionControllerOptions): Promise<void> {
  const release = async <T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    object: T,
    finalizer: string,
  ): Promise<void> => {
    const without = (current: T): T => withoutFinalizer(current, finalizer);
    await registry.update(definition, keyOf(object), without).catch(ignore(isNotFound));
  };
  const isWaiting = (object: KubernetesObject | undefined, finalizer: string): boolean =>
    metaOf(object ?? {}).deletionTimestamp !== undefined && hasFinalizer(object ?? {}, finalizer);

  return runController({
    name: 'storage-protection-controller',
    registry,
    logger,
    sources: [
      source(persistentVolumeClaims, ({ object }) => [formatKey(keyOf(object))]),
      source(persistentVolumes, ({ object }) => [formatKey(keyOf(object))]),
      source(pods, ({ object }) => claimsOfPod(object).map(formatKey)),
    ],
    reconcile: async (key) => {
      const { namespace, name } = parseKey(key);
      if (namespace === '') {
        const volume = registry.find(persistentVolumes, { namespace, name });
        if (volume && isWaiting(volume, volumeProtection) && volumePhase(registry, volume) !== 'Bound') {
          await release(persistentVolumes, volume, volumeProtection);
        }
        return;
      }
      const claim = registry.find(persistentVolumeClaims, { namespace, name });
      if (!claim || !isWaiting(claim, claimProtection)) return;
      const isUsed = registry
        .all(pods, namespace)
        .some((pod) => !isPodTerminal(pod) && claimsOfPod(pod).some((each) => each.name === name));
      if (!isUsed) await release(persistentVolumeClaims, claim, claimProtection);
    },
    signal,
    concurrency: 2,
  });
}
