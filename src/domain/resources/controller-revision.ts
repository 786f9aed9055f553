import { sameJson } from '../meta/deep-equal.ts';
import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { controllerOf } from '../meta/object-key.ts';
import type { ControllerRevision } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { nonNegative } from './value-rules.ts';

/** kubernetes pkg/apis/apps/validation/validation.go ValidateControllerRevision */
const validateRevision = ({ data, revision }: ControllerRevision): FieldError[] => [
  ...(data === undefined || data === null ? [required('data', 'data is mandatory')] : []),
  ...nonNegative('revision', revision),
];

const keepsData = (next: ControllerRevision, current: ControllerRevision): FieldError[] =>
  sameJson(next.data, current.data) ? [] : [invalidValue('data', next.data, 'field is immutable')];

/** `statefulset.apps/db`, as printers.go formatResourceName has it. */
const controllerCell = (revision: ControllerRevision): string => {
  const controller = controllerOf(revision);
  if (!controller) return '<none>';
  const [, group] = controller.apiVersion.split('/').toReversed();
  return `${controller.kind.toLowerCase()}${group === undefined ? '' : `.${group}`}/${controller.name}`;
};

/** kubernetes pkg/registry/apps/controllerrevision/strategy.go */
export const controllerRevisions = defineResource<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  scope: 'Namespaced',
  validate: validateRevision,
  validateUpdate: keepsData,
  columns: [
    nameColumn,
    { name: 'Controller', type: 'string', cell: controllerCell },
    { name: 'Revision', type: 'string', cell: ({ revision }) => revision ?? 0 },
    ageColumn,
  ],
});
