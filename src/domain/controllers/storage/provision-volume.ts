import { metaOf } from '../../meta/object-key.ts';
import { quantityValue } from '../../meta/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../../meta/types.ts';
import { engineVolumeDriver } from '../../resources/persistent-volume.ts';

export type Provisioning =
  | { kind: 'volume'; volume: PersistentVolume }
  /** Nothing that k2d does will make it, but somebody else may. */
  | { kind: 'external'; message: string }
  | { kind: 'refused'; message: string };

/** The engine's volume has to be removed before the object may go: by the kubelet, which knows the engine. */
const engineVolumeFinalizer = engineVolumeDriver;

/** A new volume for a claim, in the form in which a CSI provisioner would describe it. `free` is in bytes, of the disk that all volumes share. */
export function provisionVolume(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  nodeName: string,
  free: number,
): Provisioning {
  const { name = '', namespace = '', uid = '' } = metaOf(claim);
  const { provisioner } = storageClass;
  if (provisioner !== engineVolumeDriver) {
    return {
      kind: 'external',
      message: `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    };
  }
  const storage = claim.spec?.resources?.requests?.['storage'] ?? '0';
  if (claim.spec?.volumeMode === 'Block') return { kind: 'refused', message: `${provisioner} makes no block devices` };
  if (claim.spec?.selector) return { kind: 'refused', message: `${provisioner} takes no selector` };
  if (quantityValue(storage) > free) {
    return {
      kind: 'refused',
      message: `${storage} were asked for, and the disk has ${Math.floor(free / 2 ** 20)}Mi left`,
    };
  }
  const volumeName = `pvc-${uid}`;
  return {
    kind: 'volume',
    volume: {
      metadata: {
        name: volumeName,
        annotations: { 'pv.kubernetes.io/provisioned-by': provisioner },
        finalizers: [engineVolumeFinalizer],
      },
      spec: {
        capacity: { storage },
        accessModes: claim.spec?.accessModes ?? [],
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
        storageClassName: metaOf(storageClass).name ?? '',
        volumeMode: 'Filesystem',
        // Reads naturally in `docker volume ls`, and no two claims ever share one.
        csi: { driver: engineVolumeDriver, volumeHandle: `${name}_${namespace}_${uid.slice(0, 8)}` },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] },
            ],
          },
        },
      },
    },
  };
}
