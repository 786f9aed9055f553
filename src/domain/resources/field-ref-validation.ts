import { invalidValue, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { given, named } from './value-rules.ts';

type FieldRef = { apiVersion?: string; fieldPath: string };
type ResourceFieldRef = { containerName?: string; resource: string; divisor?: string };

/** Fields of a pod that the downward API knows at all (kubernetes pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel). */
const known = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.phase',
  'status.podIP',
  'status.podIPs',
]);

export const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export const fileFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** `metadata.labels['app']`: one label or annotation. */
const subscripted = /^metadata\.(?:labels|annotations)\['([^']*)'\]$/;

/** kubernetes pkg/apis/core/validation/validation.go validateObjectFieldSelector */
export function validateFieldRef({ fieldPath }: FieldRef, field: string, supported: readonly string[]): FieldError[] {
  if (!fieldPath) return [required(`${field}.fieldPath`)];
  const key = subscripted.exec(fieldPath)?.[1];
  if (key !== undefined) return named(`${field}.fieldPath`, key, (name) => qualifiedName(name.toLowerCase()));
  if (!known.has(fieldPath)) {
    return [
      invalidValue(
        `${field}.fieldPath`,
        fieldPath,
        `error converting fieldPath: field label not supported: ${fieldPath}`,
      ),
    ];
  }
  return supported.includes(fieldPath) ? [] : [notSupported(`${field}.fieldPath`, fieldPath, supported)];
}

const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

/** validateContainerResourceFieldSelector. A file must say whose resource it tells; a variable means its own container's. */
export const validateResourceFieldRef = (ref: ResourceFieldRef, field: string, volume: boolean): FieldError[] => [
  ...(volume ? given(`${field}.containerName`, ref.containerName) : []),
  ...(!ref.resource
    ? [required(`${field}.resource`)]
    : containerResources.includes(ref.resource) || /^(limits|requests)\.hugepages-/.test(ref.resource)
      ? []
      : [notSupported(`${field}.resource`, ref.resource, containerResources)]),
];
