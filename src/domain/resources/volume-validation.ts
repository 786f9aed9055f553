import { forbiddenField, required, type FieldError } from '../meta/field-error.ts';
import { dnsLabel, dnsSubdomain } from '../meta/names.ts';
import type { PodSpec, Volume } from '../meta/types.ts';
import { validateDownwardFiles, validateKeyFiles, validateProjection } from './projected-files-validation.ts';
import { uniqueNames } from './unique.ts';
import { eachOf, given, givenName, oneOf } from './value-rules.ts';
import { fileMode, noBacksteps } from './volume-path.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** kubernetes pkg/apis/core/validation/validation.go validateVolumeSource, for the kinds that reach a container here. */
function validateSource(volume: Volume, field: string): FieldError[] {
  const { hostPath, secret, configMap, downwardAPI, projected, persistentVolumeClaim } = volume;
  return [
    ...(hostPath
      ? [
          ...given(`${field}.hostPath.path`, hostPath.path),
          ...noBacksteps(`${field}.hostPath.path`, hostPath.path ?? ''),
          ...oneOf(`${field}.hostPath.type`, hostPath.type, hostPathTypes),
        ]
      : []),
    ...(secret
      ? [
          ...given(`${field}.secret.secretName`, secret.secretName),
          ...fileMode(`${field}.secret.defaultMode`, secret.defaultMode),
          ...validateKeyFiles(secret.items, `${field}.secret.items`),
        ]
      : []),
    ...(configMap
      ? [
          ...given(`${field}.configMap.name`, configMap.name),
          ...fileMode(`${field}.configMap.defaultMode`, configMap.defaultMode),
          ...validateKeyFiles(configMap.items, `${field}.configMap.items`),
        ]
      : []),
    ...(downwardAPI
      ? [
          ...fileMode(`${field}.downwardAPI.defaultMode`, downwardAPI.defaultMode),
          ...validateDownwardFiles(downwardAPI.items, `${field}.downwardAPI`),
        ]
      : []),
    ...(projected
      ? [
          ...fileMode(`${field}.projected.defaultMode`, projected.defaultMode),
          ...eachOf(`${field}.projected.sources`, projected.sources, validateProjection),
        ]
      : []),
    ...(persistentVolumeClaim
      ? givenName(`${field}.persistentVolumeClaim.claimName`, persistentVolumeClaim.claimName, dnsSubdomain)
      : []),
  ];
}

function validateVolume(volume: Volume, field: string): FieldError[] {
  const { name, ...sources } = volume;
  const [, ...more] = Object.keys(sources);
  return [
    ...givenName(`${field}.name`, name, dnsLabel),
    ...(Object.keys(sources).length === 0 ? [required(field, 'must specify a volume type')] : []),
    ...more.map((kind) => forbiddenField(`${field}.${kind}`, 'may not specify more than 1 volume type')),
    ...validateSource(volume, field),
  ];
}

export const validateVolumes = ({ volumes }: PodSpec, field: string): FieldError[] => [
  ...eachOf(field, volumes, validateVolume),
  ...uniqueNames(volumes, field),
];
