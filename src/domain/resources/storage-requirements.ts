import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { parseQuantity } from '../meta/quantity.ts';
import { eachOf, oneOf } from './value-rules.ts';

const accessModes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

/** As `kubectl get pv,pvc` writes them (kubernetes pkg/apis/core/v1/helper/helpers.go GetAccessModesAsString). */
export const shortAccessModes = (modes: readonly string[] = []): string =>
  [
    ['ReadWriteOnce', 'RWO'],
    ['ReadOnlyMany', 'ROX'],
    ['ReadWriteMany', 'RWX'],
    ['ReadWriteOncePod', 'RWOP'],
  ]
    .filter(([mode]) => modes.includes(mode!))
    .map(([, short]) => short)
    .join(',');

/** What volumes and claims have in common (kubernetes pkg/apis/core/validation/validation.go validateAccessModes). */
export function validateAccessModes(modes: readonly string[] | undefined, field: string): FieldError[] {
  if (!modes?.length) return [required(field, 'at least 1 access mode is required')];
  const mixed = modes.includes('ReadWriteOncePod') && modes.length > 1;
  return [
    ...eachOf(field, modes, (mode, path) => oneOf(path, mode, accessModes)),
    ...(mixed ? [invalidValue(field, modes, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
}

/** A size of storage is a positive number of bytes. */
export function validateStorage(storage: string | undefined, field: string): FieldError[] {
  if (storage === undefined) return [required(field)];
  const quantity = parseQuantity(storage);
  if (quantity !== undefined && quantity.nano > 0n) return [];
  return [invalidValue(field, storage, 'must be greater than zero')];
}
