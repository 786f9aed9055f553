import { metaOf } from '../domain/meta/object-key.ts';
import { badRequest } from '../domain/meta/status-error.ts';
import type { KubernetesObject } from '../domain/meta/types.ts';
import type { Column, ResourceDefinition, RowCondition } from '../domain/resources/resource-definition.ts';
import { partialObjectMetadata } from './partial-object-metadata.ts';

/** metav1.TableRow */
export type TableRow = {
  cells: (string | number | boolean | null)[];
  conditions?: readonly RowCondition[];
  object: unknown;
};

export type IncludeObject = 'Metadata' | 'Object' | 'None';

/** The query parameter of Table requests; by default rows carry their object's metadata. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get('includeObject') || 'Metadata';
  if (text !== 'Metadata' && text !== 'Object' && text !== 'None') {
    throw badRequest(`unrecognized includeObject value: ${JSON.stringify(text.slice(0, 100))}`);
  }
  return text;
}

/** What rows are made with. */
export type RowForm = Pick<ResourceDefinition, 'columns' | 'rowConditions'>;

/** metav1.TableColumnDefinition. The client hides what is of lower priority unless asked for `-o wide`. */
export const columnDefinitions = ({ columns }: Pick<RowForm, 'columns'>) =>
  columns.map(({ name, type, format = '', description = '', wide }: Column<never>) => ({
    name,
    type,
    format,
    description,
    priority: wide ? 1 : 0,
  }));

export function tableRow(
  { columns, rowConditions }: RowForm,
  object: KubernetesObject,
  include: IncludeObject,
  version: string,
  now: Date,
): TableRow {
  const conditions = rowConditions(object);
  return {
    cells: columns.map((column) => column.cell(object, now)),
    ...(conditions.length === 0 ? {} : { conditions }),
    object: rowObject(object, include, version),
  };
}

function rowObject(object: KubernetesObject, include: IncludeObject, version: string): unknown {
  switch (include) {
    case 'Object':
      return object;
    case 'Metadata':
      return partialObjectMetadata(object, version);
    case 'None':
      return null;
  }
}

/** A Table of one object, as get and watch answer it; only the first of a stream names the columns. */
export const tableOfOne = (
  form: RowForm,
  object: KubernetesObject,
  rows: readonly TableRow[],
  version: string,
  withColumns: boolean,
) => ({
  kind: 'Table',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: { resourceVersion: metaOf(object).resourceVersion },
  columnDefinitions: withColumns ? columnDefinitions(form) : null,
  rows,
});
