import { metaOf } from '../meta/object-key.ts';
import { quantityValue } from '../meta/quantity.ts';
import { forbidden } from '../meta/status-error.ts';
import type { PersistentVolumeClaim } from '../meta/types.ts';
import { groupResource } from '../resources/resource-definition.ts';
import { storageClasses } from '../resources/storage-class.ts';
import type { AdmissionPlugin } from './chain.ts';

const requested = ({ spec }: PersistentVolumeClaim): number =>
  quantityValue(spec?.resources?.requests?.['storage'] ?? '0');

/** kubernetes plugin/pkg/admission/storage/persistentvolume/resize */
export const claimResize = (): AdmissionPlugin => ({
  name: 'PersistentVolumeClaimResize',
  validate({ operation, definition, object, oldObject, key, subresource }, lister) {
    if (operation !== 'UPDATE' || definition.kind !== 'PersistentVolumeClaim' || definition.group !== '' || subresource)
      return;
    const [next, current] = [object as PersistentVolumeClaim, oldObject as PersistentVolumeClaim];
    if (requested(next) <= requested(current)) return;
    const refuse = (why: string) => forbidden(groupResource(definition), key.name, why);
    if (current.status?.phase !== 'Bound') throw refuse('Only bound persistent volume claims can be expanded');
    const name = current.spec?.storageClassName ?? '';
    const storageClass = name === '' ? undefined : lister.find(storageClasses, { namespace: '', name });
    if (storageClass?.allowVolumeExpansion && metaOf(storageClass).name === name) return;
    throw refuse(
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
    );
  },
});
