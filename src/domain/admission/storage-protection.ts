import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { claimProtection, volumeProtection } from '../resources/storage-protection.ts';
import type { AdmissionPlugin } from './chain.ts';

const protections: Readonly<Record<string, string>> = {
  PersistentVolumeClaim: claimProtection,
  PersistentVolume: volumeProtection,
};

/** New claims and volumes stay while they are in use, also when somebody deletes them (kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection). */
export const storageProtection = (): AdmissionPlugin => ({
  name: 'StorageObjectInUseProtection',
  mutate({ operation, definition, object, subresource }) {
    const finalizer = definition.group === '' ? protections[definition.kind] : undefined;
    if (operation !== 'CREATE' || finalizer === undefined || !object || subresource) return undefined;
    const finalizers = metaOf(object).finalizers ?? [];
    if (finalizers.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...metaOf(object), finalizers: [...finalizers, finalizer] } } as KubernetesObject;
  },
});
