import type { PersistentVolume } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';

/** From the volume and its claim, whatever its status says: that is lost with the process. */
export function volumePhase(registry: Registry, { metadata, spec }: PersistentVolume): string {
  const reference = spec?.claimRef;
  if (!reference?.uid) return 'Available';
  const claim = registry.find(persistentVolumeClaims, {
    namespace: reference.namespace ?? '',
    name: reference.name ?? '',
  });
  if (claim?.metadata?.uid !== reference.uid) return 'Released';
  const bound = claim?.spec?.volumeName ?? '';
  // Promised, and its claim does not know yet.
  return bound === '' || bound === metadata?.name ? 'Bound' : 'Released';
}
