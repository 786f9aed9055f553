import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, required, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { shortAccessModes, validateAccessModes, validateStorage, volumeModes } from './storage-requirements.ts';
import { given, oneOf } from './value-rules.ts';
import { noBacksteps } from './volume-path.ts';
import { networkVolumeKinds } from './network-volume-kinds.ts';
import { withDefaults } from './with-defaults.ts';

/** The driver of volumes that the engine keeps: `csi.volumeHandle` is the engine's name for the volume. */
export const engineVolumeDriver = 'k2d.io/engine-volume';

const sources = (spec: PersistentVolumeSpec): string[] => Object.keys(spec).filter((field) => sourceFields.has(field));

/** kubernetes pkg/apis/core/types.go PersistentVolumeSource */
const sourceFields = new Set([...networkVolumeKinds, 'hostPath', 'local']);

function validateSource(spec: PersistentVolumeSpec): FieldError[] {
  const given_ = sources(spec);
  const [, ...more] = given_;
  const { hostPath, local, csi } = spec;
  return [
    ...(given_.length === 0 ? [required('spec', 'must specify a volume type')] : []),
    ...more.map((kind) => forbiddenField(`spec.${kind}`, 'may not specify more than 1 volume type')),
    ...(hostPath
      ? [...given('spec.hostPath.path', hostPath.path), ...noBacksteps('spec.hostPath.path', hostPath.path ?? '')]
      : []),
    ...(local ? [...given('spec.local.path', local.path), ...noBacksteps('spec.local.path', local.path ?? '')] : []),
    ...(local && !spec.nodeAffinity ? [required('spec.nodeAffinity', 'Local volume requires node affinity')] : []),
    ...(csi ? [...given('spec.csi.driver', csi.driver), ...given('spec.csi.volumeHandle', csi.volumeHandle)] : []),
  ];
}

/** kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeSpec */
function validateVolume({ spec }: PersistentVolume): FieldError[] {
  if (!spec) return [required('spec')];
  const extra = Object.keys(spec.capacity ?? {}).filter((name) => name !== 'storage');
  return [
    ...validateAccessModes(spec.accessModes, 'spec.accessModes'),
    ...(spec.capacity ? [] : [required('spec.capacity')]),
    ...extra.map((name) => forbiddenField(`spec.capacity[${name}]`, 'only storage has a capacity')),
    ...(spec.capacity ? validateStorage(spec.capacity['storage'], 'spec.capacity[storage]') : []),
    ...oneOf('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain']),
    ...oneOf('spec.volumeMode', spec.volumeMode, volumeModes),
    ...validateSource(spec),
  ];
}

/** ValidatePersistentVolumeUpdate: what is stored where never changes. */
function validateVolumeUpdate(next: PersistentVolume, current: PersistentVolume): FieldError[] {
  const sourceOf = ({ spec }: PersistentVolume) => sources(spec!).map((name) => [name, spec![name as 'csi']]);
  return [
    ...(sameJson(sourceOf(next), sourceOf(current))
      ? []
      : [forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation')]),
    ...(next.spec?.volumeMode === current.spec?.volumeMode
      ? []
      : [forbiddenField('spec.volumeMode', 'field is immutable')]),
    ...(current.spec?.nodeAffinity && !sameJson(next.spec?.nodeAffinity, current.spec.nodeAffinity)
      ? [forbiddenField('spec.nodeAffinity', 'field is immutable')]
      : []),
  ];
}

const claimOf = ({ spec }: PersistentVolume): string =>
  spec?.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '';

const phaseShown = (volume: PersistentVolume): string =>
  metaOf(volume).deletionTimestamp === undefined ? (volume.status?.phase ?? '') : 'Terminating';

/** kubernetes pkg/registry/core/persistentvolume/strategy.go */
export const persistentVolumes = defineResource<PersistentVolume>({
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  scope: 'Cluster',
  subresources: ['status'],
  deleteReturnsObject: true,
  default: (volume) => ({
    ...volume,
    spec: withDefaults(volume.spec ?? {}, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }),
    status: withDefaults(volume.status ?? {}, { phase: 'Pending' }),
  }),
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  columns: [
    nameColumn,
    { name: 'Capacity', type: 'string', cell: ({ spec }) => spec?.capacity?.['storage'] ?? '' },
    { name: 'Access Modes', type: 'string', cell: ({ spec }) => shortAccessModes(spec?.accessModes) },
    { name: 'Reclaim Policy', type: 'string', cell: ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '' },
    { name: 'Status', type: 'string', cell: phaseShown },
    { name: 'Claim', type: 'string', cell: claimOf },
    { name: 'StorageClass', type: 'string', cell: ({ spec }) => spec?.storageClassName ?? '' },
    { name: 'VolumeAttributesClass', type: 'string', cell: ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>' },
    { name: 'Reason', type: 'string', cell: ({ status }) => status?.reason ?? '' },
    ageColumn,
    { name: 'VolumeMode', type: 'string', wide: true, cell: ({ spec }) => spec?.volumeMode ?? '' },
  ],
});
