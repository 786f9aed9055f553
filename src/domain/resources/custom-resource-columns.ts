import { timeSince } from '../meta/human-duration.ts';
import { findValues } from '../meta/json-path/find-values.ts';
import { parseJsonPath } from '../meta/json-path/parse-json-path.ts';
import type { CustomResourceDefinitionVersion, KubernetesObject } from '../meta/types.ts';
import { nameColumn } from './metadata-columns.ts';
import type { Column } from './resource-definition.ts';

type PrinterColumn = NonNullable<CustomResourceDefinitionVersion['additionalPrinterColumns']>[number];

/** What Kubernetes shows of custom resources that name no columns. */
const age: PrinterColumn = {
  name: 'Age',
  type: 'date',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations.',
  jsonPath: '.metadata.creationTimestamp',
};

/** apiextensions-apiserver pkg/registry/customresource/tableconvertor */
export const customResourceColumns = ({
  additionalPrinterColumns = [age],
}: CustomResourceDefinitionVersion): readonly Column<KubernetesObject>[] => [
  nameColumn,
  ...additionalPrinterColumns.map(printerColumn),
];

/** The path is read when a table is asked for: columns that nobody looks at cost nothing. */
function printerColumn({
  name,
  type,
  format = '',
  description,
  priority = 0,
  jsonPath,
}: PrinterColumn): Column<KubernetesObject> {
  const columnType = type as Column<never>['type'];
  return {
    name,
    type: columnType,
    format,
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    wide: priority > 0,
    cell: (object, now) => {
      const steps = parseJsonPath(jsonPath);
      const value = steps && findValues(steps, object)[0];
      return value === undefined || value === null ? null : cells[columnType](value, now);
    },
  };
}

/** What does not fit the column's type is left empty. */
const cells: Readonly<Record<Column<never>['type'], (value: unknown, now: Date) => ReturnType<Column<never>['cell']>>> =
  {
    string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
    integer: (value) => (typeof value === 'number' ? Math.trunc(value) : null),
    number: (value) => (typeof value === 'number' ? value : null),
    boolean: (value) => (typeof value === 'boolean' ? value : null),
    date: (value, now) => {
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : timeSince(value, now);
    },
  };
