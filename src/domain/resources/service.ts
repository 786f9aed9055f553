import { dns1035Label } from '../meta/names.ts';
import type { Service } from '../meta/types.ts';
import { defineResource } from './resource-definition.ts';
import { serviceWarnings } from './service-warnings.ts';
import { serviceColumns } from './service-columns.ts';
import { defaultService } from './service-defaults.ts';
import { validateService, validateServiceUpdate } from './service-validation.ts';

/** kubernetes pkg/registry/core/service/strategy.go. Exclusive: addresses and node ports come from ranges that all Services share. */
export const services = defineResource<Service>({
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  scope: 'Namespaced',
  subresources: ['status'],
  exclusive: true,
  nameRule: dns1035Label,
  deleteReturnsObject: true,
  default: defaultService,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: serviceWarnings,
  fields: [
    { path: 'spec.clusterIP', value: ({ spec }) => spec?.clusterIP ?? '' },
    { path: 'spec.type', value: ({ spec }) => spec?.type ?? '' },
  ],
  columns: serviceColumns,
});
