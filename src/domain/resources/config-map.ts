import type { ConfigMap } from '../meta/types.ts';
import { keepsImmutable, validateConfigMap } from './data-validation.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';

const size = (map: object | undefined): number => Object.keys(map ?? {}).length;

/** kubernetes pkg/registry/core/configmap/strategy.go */
export const configMaps = defineResource<ConfigMap>({
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  scope: 'Namespaced',
  validate: validateConfigMap,
  validateUpdate: keepsImmutable,
  columns: [
    nameColumn,
    { name: 'Data', type: 'string', cell: ({ data, binaryData }) => size(data) + size(binaryData) },
    ageColumn,
  ],
});
