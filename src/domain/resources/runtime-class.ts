import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { validateLabels } from '../meta/label-validation.ts';
import { dnsLabel } from '../meta/names.ts';
import type { RuntimeClass } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { validateAmounts } from './resource-requirements-validation.ts';
import { validateTolerations } from './toleration-validation.ts';
import { named } from './value-rules.ts';

/** kubernetes pkg/apis/node/validation/validation.go ValidateRuntimeClass */
const validateRuntimeClass = ({ handler, overhead, scheduling }: RuntimeClass): FieldError[] => [
  ...named('handler', handler ?? '', dnsLabel),
  ...validateAmounts(overhead?.podFixed ?? {}, 'overhead'),
  ...validateLabels(scheduling?.nodeSelector ?? {}, 'scheduling.nodeSelector'),
  ...validateTolerations(scheduling?.tolerations, 'scheduling.tolerations'),
];

const keepsHandler = (next: RuntimeClass, current: RuntimeClass): FieldError[] =>
  next.handler === current.handler ? [] : [invalidValue('handler', next.handler, 'field is immutable')];

/** kubernetes pkg/registry/node/runtimeclass/strategy.go */
export const runtimeClasses = defineResource<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  scope: 'Cluster',
  unconditionalUpdate: false,
  validate: validateRuntimeClass,
  validateUpdate: keepsHandler,
  columns: [nameColumn, { name: 'Handler', type: 'string', cell: ({ handler }) => handler ?? '' }, ageColumn],
});
