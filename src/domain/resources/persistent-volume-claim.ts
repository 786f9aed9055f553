import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, required, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain } from '../meta/names.ts';
import { metaOf } from '../meta/object-key.ts';
import { parseQuantity } from '../meta/quantity.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { shortAccessModes, validateAccessModes, validateStorage, volumeModes } from './storage-requirements.ts';
import { named, oneOf } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimSpec */
function validateClaimSpec(spec: PersistentVolumeClaimSpec | undefined, field: string): FieldError[] {
  if (!spec) return [required(field)];
  const { storageClassName } = spec;
  return [
    ...validateAccessModes(spec.accessModes, `${field}.accessModes`),
    ...validateStorage(spec.resources?.requests?.['storage'], `${field}.resources[storage]`),
    ...(storageClassName ? named(`${field}.storageClassName`, storageClassName, dnsSubdomain) : []),
    ...oneOf(`${field}.volumeMode`, spec.volumeMode, volumeModes),
  ];
}

const immutable =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** What may change after creation: the request may grow, and whoever binds writes the volume's name and the class. */
const withoutWhatMayChange = ({
  volumeName: _name,
  resources: _resources,
  storageClassName: _class,
  ...spec
}: PersistentVolumeClaimSpec) => spec;

/** ValidatePersistentVolumeClaimUpdate */
function validateClaimUpdate(next: PersistentVolumeClaim, current: PersistentVolumeClaim): FieldError[] {
  const [after, before] = [next.spec!, current.spec!];
  const classIsSet = !before.storageClassName && !before.volumeName;
  const isKept =
    sameJson(withoutWhatMayChange(after), withoutWhatMayChange(before)) &&
    (after.volumeName === before.volumeName || !before.volumeName) &&
    (after.storageClassName === before.storageClassName || classIsSet);
  const [asked, had] = [after, before].map(({ resources }) => parseQuantity(resources?.requests?.['storage'] ?? '0'));
  const shrinks = (asked?.nano ?? 0n) < (had?.nano ?? 0n);
  return [
    ...(isKept ? [] : [forbiddenField('spec', immutable)]),
    ...(shrinks
      ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
      : []),
  ];
}

const phaseShown = (claim: PersistentVolumeClaim): string =>
  metaOf(claim).deletionTimestamp === undefined ? (claim.status?.phase ?? '') : 'Terminating';

/** kubernetes pkg/registry/core/persistentvolumeclaim/strategy.go */
export const persistentVolumeClaims = defineResource<PersistentVolumeClaim>({
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  scope: 'Namespaced',
  subresources: ['status'],
  deleteReturnsObject: true,
  default: (claim) => ({
    ...claim,
    spec: withDefaults(claim.spec ?? {}, { volumeMode: 'Filesystem' }),
    status: withDefaults(claim.status ?? {}, { phase: 'Pending' }),
  }),
  validate: ({ spec }) => validateClaimSpec(spec, 'spec'),
  validateUpdate: validateClaimUpdate,
  columns: [
    nameColumn,
    { name: 'Status', type: 'string', cell: phaseShown },
    { name: 'Volume', type: 'string', cell: ({ spec }) => spec?.volumeName ?? '' },
    { name: 'Capacity', type: 'string', cell: ({ status }) => status?.capacity?.['storage'] ?? '' },
    { name: 'Access Modes', type: 'string', cell: ({ status }) => shortAccessModes(status?.accessModes) },
    { name: 'StorageClass', type: 'string', cell: ({ spec }) => spec?.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', type: 'string', cell: ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>' },
    ageColumn,
    { name: 'VolumeMode', type: 'string', wide: true, cell: ({ spec }) => spec?.volumeMode ?? '' },
  ],
});
