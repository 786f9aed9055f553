import { metaOf } from '../meta/object-key.ts';
import type { PersistentVolumeClaim, StorageClass } from '../meta/types.ts';
import { isDefaultStorageClass, storageClasses } from '../resources/storage-class.ts';
import type { AdmissionPlugin, Lister } from './chain.ts';

/** Claims that say nothing of a class get the default one; the empty name is a class too: none (kubernetes plugin/pkg/admission/storage/storageclass/setdefault). */
export const defaultStorageClass = (): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  mutate({ operation, definition, object, subresource }, lister) {
    if (operation !== 'CREATE' || definition.kind !== 'PersistentVolumeClaim' || definition.group !== '' || subresource)
      return undefined;
    const claim = object as PersistentVolumeClaim;
    if (claim.spec?.storageClassName !== undefined) return undefined;
    const name = metaOf(newestDefault(lister) ?? {}).name;
    return name === undefined ? undefined : { ...claim, spec: { ...claim.spec, storageClassName: name } };
  },
});

/** Of several, the newest (pkg/volume/util/storageclass.go GetDefaultClass). */
const newestDefault = (lister: Lister): StorageClass | undefined =>
  lister
    .all(storageClasses)
    .filter(isDefaultStorageClass)
    .toSorted((a, b) => (metaOf(b).creationTimestamp ?? '').localeCompare(metaOf(a).creationTimestamp ?? ''))[0];
