import { timeSince } from '../meta/human-duration.ts';
import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { Column } from './resource-definition.ts';

export const nameColumn: Column<KubernetesObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  cell: (object) => metaOf(object).name ?? '',
};

export const ageColumn: Column<KubernetesObject> = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
  cell: (object, now) => timeSince(metaOf(object).creationTimestamp, now),
};

/** With the name all that is shown of kinds that have no columns of their own (apiserver pkg/registry/rest/table.go). */
export const createdAtColumn: Column<KubernetesObject> = {
  name: 'Created At',
  type: 'date',
  description: 'Time when the object was created.',
  cell: (object) => metaOf(object).creationTimestamp ?? '',
};
