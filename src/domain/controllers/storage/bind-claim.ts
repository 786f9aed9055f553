import { keyOf, metaOf } from '../../meta/object-key.ts';
import { quantityValue } from '../../meta/quantity.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';
import { engineVolumeDriver, persistentVolumes } from '../../resources/persistent-volume.ts';
import { bindCompleted, isReservedFor } from './claim-plan.ts';
import { reportClaim } from './report-claim.ts';

const boundByController = 'pv.kubernetes.io/bound-by-controller';

/** The volume first: were it the claim, a crash between the two would leave a claim that looks bound to a volume that anybody may take. */
export async function bindClaim(
  registry: Registry,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  storageClass: StorageClass | undefined,
): Promise<void> {
  const name = metaOf(volume).name ?? '';
  const size = sizeAfter(claim, volume, storageClass);
  const bound = await registry
    .update(persistentVolumes, { namespace: '', name }, (current) => promised(current, claim, size))
    .catch(ignore(isNotFound));
  const { uid } = metaOf(claim);
  if (!bound || bound.spec?.claimRef?.uid !== uid) return;
  await registry
    .update(persistentVolumeClaims, keyOf(claim), (current) =>
      metaOf(current).uid === uid ? completed(current, name) : current,
    )
    .catch(ignore(isNotFound));
  await reportClaim(registry, claim, {
    phase: 'Bound',
    accessModes: bound.spec?.accessModes ?? [],
    capacity: { ...bound.spec?.capacity },
  });
}

/** Volumes of the engine have no bound of their own, so they grow by saying so. */
function sizeAfter(
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
  storageClass: StorageClass | undefined,
): string {
  const current = volume.spec?.capacity?.['storage'] ?? '0';
  const wanted = claim.spec?.resources?.requests?.['storage'] ?? current;
  const grows = storageClass?.allowVolumeExpansion === true && volume.spec?.csi?.driver === engineVolumeDriver;
  return grows && quantityValue(wanted) > quantityValue(current) ? wanted : current;
}

/** The volume as it is when somebody else has reserved or deleted it meanwhile: that change brings the claim here again. */
function promised(volume: PersistentVolume, claim: PersistentVolumeClaim, storage: string): PersistentVolume {
  const { name, namespace, uid } = metaOf(claim);
  const { annotations } = metaOf(volume);
  const wasOpen = volume.spec?.claimRef === undefined;
  const isGoing = metaOf(volume).deletionTimestamp !== undefined && volume.spec?.claimRef?.uid !== uid;
  if (isGoing || (!wasOpen && !isReservedFor(volume, claim))) return volume;
  return {
    ...volume,
    metadata: {
      ...metaOf(volume),
      ...(wasOpen ? { annotations: { ...annotations, [boundByController]: 'yes' } } : {}),
    },
    spec: {
      ...volume.spec,
      capacity: { ...volume.spec?.capacity, storage },
      claimRef: {
        ...volume.spec?.claimRef,
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: namespace!,
        name: name!,
        uid: uid!,
      },
    },
  };
}

function completed(claim: PersistentVolumeClaim, volumeName: string): PersistentVolumeClaim {
  const { annotations } = metaOf(claim);
  const byController = claim.spec?.volumeName === volumeName ? {} : { [boundByController]: 'yes' };
  return {
    ...claim,
    metadata: { ...metaOf(claim), annotations: { ...annotations, [bindCompleted]: 'yes', ...byController } },
    spec: { ...claim.spec, volumeName },
  };
}
