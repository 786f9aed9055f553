import type { Column } from './resource-definition.ts';

/** The same columns for kinds that have what these show in another place. */
export const columnsOfPart = <T, P>(columns: readonly Column<P>[], partOf: (object: T) => P): Column<T>[] =>
  columns.map((column) => ({ ...column, cell: (object, now) => column.cell(partOf(object), now) }));
