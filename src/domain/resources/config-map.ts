import type { ConfigMap } from '../meta/types.ts';
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
  columns: [
    nameColumn,
    { name: 'Data', type: 'string', cell: ({ data, binaryData }) => size(data) + size(binaryData) },
    ageColumn,
  ],
});
