import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import type { StorageClass } from '../meta/types.ts';
import { engineVolumeDriver } from './persistent-volume.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { givenName, oneOf } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes pkg/apis/storage/util/helpers.go IsDefaultAnnotation, with its beta form */
const defaultMarks = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** Claims that name no class get this one. */
export const isDefaultStorageClass = (storageClass: StorageClass): boolean =>
  defaultMarks.some((mark) => metaOf(storageClass).annotations?.[mark] === 'true');

/** kubernetes pkg/apis/storage/validation/validation.go ValidateStorageClass */
const validateStorageClass = ({ provisioner, reclaimPolicy, volumeBindingMode }: StorageClass): FieldError[] => [
  ...givenName('provisioner', provisioner?.toLowerCase(), qualifiedName),
  ...oneOf('reclaimPolicy', reclaimPolicy, ['Delete', 'Retain']),
  ...oneOf('volumeBindingMode', volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']),
];

/** ValidateStorageClassUpdate */
const keepsTheRest = (next: StorageClass, current: StorageClass): FieldError[] => [
  ...(['parameters', 'provisioner', 'reclaimPolicy'] as const)
    .filter((field) => !sameJson(next[field], current[field]))
    .map((field) => forbiddenField(field, `updates to ${field} are forbidden.`)),
  ...(next.volumeBindingMode === current.volumeBindingMode
    ? []
    : [invalidValue('volumeBindingMode', next.volumeBindingMode, 'field is immutable')]),
];

/** kubernetes pkg/registry/storage/storageclass/strategy.go */
export const storageClasses = defineResource<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  shortNames: ['sc'],
  scope: 'Cluster',
  deleteReturnsObject: true,
  default: (object) => withDefaults(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  validate: validateStorageClass,
  validateUpdate: keepsTheRest,
  columns: [
    {
      ...nameColumn,
      cell: (object: StorageClass) =>
        `${metaOf(object).name ?? ''}${isDefaultStorageClass(object) ? ' (default)' : ''}`,
    },
    { name: 'Provisioner', type: 'string', cell: ({ provisioner }) => provisioner ?? '' },
    { name: 'ReclaimPolicy', type: 'string', cell: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', type: 'string', cell: ({ volumeBindingMode }) => volumeBindingMode ?? '<unset>' },
    {
      name: 'AllowVolumeExpansion',
      type: 'string',
      cell: ({ allowVolumeExpansion }) => String(allowVolumeExpansion ?? false),
    },
    ageColumn,
  ],
});

/** What claims get on a device that nobody has told anything else: a volume of the engine, made when the first pod wants it. */
export const bootstrapStorageClass: StorageClass = {
  metadata: { name: 'local', annotations: { [defaultMarks[0]!]: 'true' } },
  provisioner: engineVolumeDriver,
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
};
