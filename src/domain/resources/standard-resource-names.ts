import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { named } from './value-rules.ts';

// The names that resources of pods and namespaces go by (kubernetes pkg/apis/core/helper/helpers.go).

/** Amounts of these come whole. */
const countedObjects = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];

/** What a ResourceQuota may name without a prefix. */
const quotaNames = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  ...countedObjects,
]);

const isHugePages = (name: string): boolean => /^(requests\.)?hugepages-/.test(name);

export const isQuotaName = (name: string): boolean => quotaNames.has(name) || isHugePages(name);

/** Devices and whatever else has a vendor's prefix; what has kubernetes.io in it is Kubernetes' own. */
export const isExtendedResource = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

export const comesWhole = (name: string): boolean => countedObjects.includes(name) || isExtendedResource(name);

/** Requests below the limit make sense only of what can be taken away again. */
export const isOvercommitAllowed = (name: string): boolean => !isExtendedResource(name) && !isHugePages(name);

/** kubernetes pkg/apis/core/validation/validation.go validateResourceName */
export function validateResourceName(name: string, field: string): FieldError[] {
  const errors = named(field, name, qualifiedName);
  if (errors.length > 0 || name.includes('/') || name === 'storage' || isQuotaName(name)) return errors;
  return [invalidValue(field, name, 'must be a standard resource type or fully qualified')];
}
