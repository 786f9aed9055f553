import { fieldNotFound, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { Container, VolumeMount } from '../meta/types.ts';
import { unique } from './unique.ts';
import { descendingPath } from './volume-path.ts';
import { eachOf, oneOf } from './value-rules.ts';

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function validateMountPath(path: string | undefined, field: string): FieldError[] {
  if (!path) return [required(field)];
  return path.startsWith('/') ? [] : [invalidValue(field, path, 'must be an absolute path')];
}

const validateMount = (mount: VolumeMount, field: string, volumes: ReadonlySet<string>): FieldError[] => [
  ...(!mount.name
    ? [required(`${field}.name`)]
    : volumes.has(mount.name)
      ? []
      : [fieldNotFound(`${field}.name`, mount.name)]),
  ...validateMountPath(mount.mountPath, `${field}.mountPath`),
  ...(mount.subPath ? descendingPath(`${field}.subPath`, mount.subPath) : []),
  ...(mount.subPathExpr ? descendingPath(`${field}.subPathExpr`, mount.subPathExpr) : []),
  ...(mount.subPath && mount.subPathExpr
    ? [invalidValue(`${field}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
    : []),
  ...oneOf(`${field}.mountPropagation`, mount.mountPropagation, propagations),
];

/** kubernetes pkg/apis/core/validation/validation.go ValidateVolumeMounts; only absolute paths, since engines take no others. */
export const validateVolumeMounts = (
  { volumeMounts }: Container,
  field: string,
  volumes: ReadonlySet<string>,
): FieldError[] => [
  ...eachOf(field, volumeMounts, (mount, at) => validateMount(mount, at, volumes)),
  ...unique(
    volumeMounts,
    ({ mountPath }) => mountPath,
    (_mount, index, path) => invalidValue(`${field}[${index}].mountPath`, path, 'must be unique'),
  ),
];
