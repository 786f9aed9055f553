import { sameJson } from '../meta/deep-equal.ts';
import { forbiddenField, invalidValue, type FieldError } from '../meta/field-error.ts';
import { metaOf } from '../meta/object-key.ts';
import type { PriorityClass } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { oneOf } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

/** The classes of every cluster (kubernetes pkg/apis/scheduling/v1/helpers.go SystemPriorityClasses). */
export const systemPriorityClasses: readonly PriorityClass[] = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
];

const highestOfUsers = 1_000_000_000;

/** kubernetes pkg/apis/scheduling/helpers.go IsKnownSystemPriorityClass */
function whyNotSystem(name: string, { value, globalDefault }: PriorityClass): string | undefined {
  const known = systemPriorityClasses.find((system) => metaOf(system).name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (value !== known.value) return `value of ${name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

/** kubernetes pkg/apis/scheduling/validation/validation.go ValidatePriorityClass */
function validatePriorityClass(priorityClass: PriorityClass): FieldError[] {
  const { name = '' } = metaOf(priorityClass);
  const policy = oneOf('preemptionPolicy', priorityClass.preemptionPolicy, ['Never', 'PreemptLowerPriority']);
  if (!name.startsWith('system-')) {
    const detail = `maximum allowed value of a user defined priority is ${highestOfUsers}`;
    return [...((priorityClass.value ?? 0) > highestOfUsers ? [forbiddenField('value', detail)] : []), ...policy];
  }
  const why = whyNotSystem(name, priorityClass);
  const reserved = "priority class names with 'system-' prefix are reserved for system use only. error: ";
  return [...(why === undefined ? [] : [forbiddenField('metadata.name', reserved + why)]), ...policy];
}

/** Pods that have the class keep what it stood for when they were made. */
const keepsPriority = (next: PriorityClass, current: PriorityClass): FieldError[] => [
  ...(next.value === current.value ? [] : [forbiddenField('value', 'may not be changed in an update.')]),
  ...(sameJson(next.preemptionPolicy, current.preemptionPolicy)
    ? []
    : [invalidValue('preemptionPolicy', next.preemptionPolicy, 'field is immutable')]),
];

/** kubernetes pkg/registry/scheduling/priorityclass/strategy.go */
export const priorityClasses = defineResource<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  scope: 'Cluster',
  hasGeneration: true,
  default: (priorityClass) => withDefaults(priorityClass, { value: 0, preemptionPolicy: 'PreemptLowerPriority' }),
  validate: validatePriorityClass,
  validateUpdate: keepsPriority,
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', cell: ({ value }) => value ?? 0 },
    { name: 'Global-Default', type: 'string', cell: ({ globalDefault }) => String(globalDefault ?? false) },
    ageColumn,
    { name: 'PreemptionPolicy', type: 'string', cell: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
  ],
});
