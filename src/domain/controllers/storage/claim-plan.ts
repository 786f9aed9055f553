import { fromLabelSelector, matches } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import { quantityValue } from '../../meta/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../meta/types.ts';

/** What there is besides the claim. */
export type ClaimSurroundings = {
  volumes: readonly PersistentVolume[];
  /** Undefined when the claim's class does not exist, or it has none. */
  storageClass: StorageClass | undefined;
  /** Some pod wants to mount the claim. */
  hasConsumer: boolean;
};

export type ClaimPlan =
  | { do: 'bind'; volume: PersistentVolume }
  | { do: 'provision'; storageClass: StorageClass }
  | { do: 'wait'; type: 'Normal' | 'Warning'; reason: string; message: string }
  /** What it was bound to is gone or someone else's: nothing brings it back. */
  | { do: 'lose'; reason: string; message: string };

export const bindCompleted = 'pv.kubernetes.io/bind-completed';

/**
 * What becomes of a claim, from what there is now: nothing is remembered between two looks (kubernetes
 * pkg/controller/volume/persistentvolume/pv_controller.go syncClaim).
 */
export function planClaim(claim: PersistentVolumeClaim, surroundings: ClaimSurroundings): ClaimPlan {
  const wanted = claim.spec?.volumeName ?? '';
  const named = surroundings.volumes.find((volume) => metaOf(volume).name === wanted);
  if (metaOf(claim).annotations?.[bindCompleted] !== undefined) return planBound(claim, named);
  if (wanted !== '') return planNamed(claim, wanted, named);
  const { uid } = metaOf(claim);
  const reserved =
    // Promised before k2d died, although somebody has reserved another one by name since.
    surroundings.volumes.find(({ spec }) => spec?.claimRef?.uid !== undefined && spec.claimRef.uid === uid) ??
    surroundings.volumes.find((volume) => isReservedFor(volume, claim));
  if (reserved) return { do: 'bind', volume: reserved };
  const { storageClass, hasConsumer } = surroundings;
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !hasConsumer) {
    return wait('WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  }
  const fitting = smallest(surroundings.volumes.filter((volume) => !volume.spec?.claimRef && fits(volume, claim)));
  return fitting ? { do: 'bind', volume: fitting } : planNew(claim, storageClass);
}

function planBound(claim: PersistentVolumeClaim, volume: PersistentVolume | undefined): ClaimPlan {
  if (!volume) {
    return {
      do: 'lose',
      reason: 'ClaimLost',
      message: 'Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    };
  }
  if (!volume.spec?.claimRef || isReservedFor(volume, claim)) return { do: 'bind', volume };
  return {
    do: 'lose',
    reason: 'ClaimMisbound',
    message: 'Two claims are bound to the same volume, this one is bound incorrectly',
  };
}

function planNamed(claim: PersistentVolumeClaim, name: string, volume: PersistentVolume | undefined): ClaimPlan {
  if (!volume) return wait('FailedBinding', `volume "${name}" does not exist`);
  if (volume.spec?.claimRef && !isReservedFor(volume, claim)) {
    return wait('FailedBinding', `volume "${name}" already bound to a different claim.`);
  }
  if (fits(volume, claim)) return { do: 'bind', volume };
  return wait(
    'VolumeMismatch',
    `Cannot bind to requested volume "${name}": its size, access modes, mode or class is not what the claim asks for`,
    'Warning',
  );
}

function planNew(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined): ClaimPlan {
  const className = claim.spec?.storageClassName ?? '';
  if (storageClass) return { do: 'provision', storageClass };
  if (className !== '') {
    return wait('ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`, 'Warning');
  }
  return wait('FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
}

const wait = (reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): ClaimPlan => ({
  do: 'wait',
  type,
  reason,
  message,
});

/** By name, and by uid once somebody has written it. */
export function isReservedFor({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { name, namespace, uid } = metaOf(claim);
  const reference = spec?.claimRef;
  if (reference?.name !== name || reference?.namespace !== namespace) return false;
  return !reference?.uid || reference.uid === uid;
}

/** kubernetes component-helpers storage/volume/pv_helpers.go FindMatchingVolume */
function fits(volume: PersistentVolume, { spec: wanted }: PersistentVolumeClaim): boolean {
  const offered = volume.spec;
  const selector = wanted?.selector ? fromLabelSelector(wanted.selector) : [];
  return (
    metaOf(volume).deletionTimestamp === undefined &&
    (offered?.volumeMode ?? 'Filesystem') === (wanted?.volumeMode ?? 'Filesystem') &&
    (offered?.storageClassName ?? '') === (wanted?.storageClassName ?? '') &&
    (wanted?.accessModes ?? []).every((mode) => offered?.accessModes?.includes(mode)) &&
    sizeOf(volume) >= quantityValue(wanted?.resources?.requests?.['storage'] ?? '0') &&
    selector !== undefined &&
    matches(selector, metaOf(volume).labels)
  );
}

const sizeOf = ({ spec }: PersistentVolume): number => quantityValue(spec?.capacity?.['storage'] ?? '0');

const smallest = (volumes: readonly PersistentVolume[]): PersistentVolume | undefined =>
  volumes.toSorted((a, b) => sizeOf(a) - sizeOf(b))[0];
