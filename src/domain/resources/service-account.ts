import type { ServiceAccount } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';

/** kubernetes pkg/registry/core/serviceaccount/strategy.go */
export const serviceAccounts = defineResource<ServiceAccount>({
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  scope: 'Namespaced',
  deleteReturnsObject: true,
  columns: [nameColumn, { name: 'Secrets', type: 'string', cell: ({ secrets }) => secrets?.length ?? 0 }, ageColumn],
});
