import type { ResourceList, ResourceQuota } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { keepsScopes, validateResourceQuota } from './resource-quota-validation.ts';

/** `pods: 1/4, requests.cpu: 200m/1` of the names that the column is about. */
const usageCell = ({ status }: ResourceQuota, isShown: (name: string) => boolean): string =>
  Object.entries<string>(status?.hard ?? {})
    .filter(([name]) => isShown(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${usedOf(status?.used, name)}/${hard}`)
    .join(', ');

const usedOf = (used: ResourceList | undefined, name: string): string => used?.[name] ?? '0';

const isLimit = (name: string): boolean => name.startsWith('limits.');

/** kubernetes pkg/registry/core/resourcequota/strategy.go */
export const resourceQuotas = defineResource<ResourceQuota>({
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  scope: 'Namespaced',
  subresources: ['status'],
  deleteReturnsObject: true,
  default: (quota) => ({ ...quota, spec: quota.spec ?? {}, status: quota.status ?? {} }),
  validate: validateResourceQuota,
  validateUpdate: keepsScopes,
  columns: [
    nameColumn,
    {
      name: 'Request',
      type: 'string',
      description: 'Request represents a minimum amount of cpu/memory that a container may consume.',
      cell: (quota) => usageCell(quota, (name) => !isLimit(name)),
    },
    {
      name: 'Limit',
      type: 'string',
      description:
        'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
      cell: (quota) => usageCell(quota, isLimit),
    },
    ageColumn,
  ],
});
