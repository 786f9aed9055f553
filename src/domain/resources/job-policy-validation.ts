import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  type FieldError,
} from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import type { JobSpec } from '../meta/types.ts';
import { intervalsProblem, parseIntervals, sizeOf } from './index-intervals.ts';
import { eachOf, named, nonNegative } from './value-rules.ts';

type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];
type ExitCodes = NonNullable<FailureRule['onExitCodes']>;
type ConditionPattern = NonNullable<FailureRule['onPodConditions']>[number];
type SuccessRule = NonNullable<JobSpec['successPolicy']>['rules'][number];

const mostRules = 20;
const mostExitCodes = 255;
const longestIndexes = 64 * 1024;

const bounded = (field: string, list: readonly unknown[] | undefined, most: number): FieldError[] =>
  (list ?? []).length > most ? [tooMany(field, list!.length, most)] : [];

/** One of these words, and told so in Go's way to print a list. */
function word(field: string, value: string | undefined, supported: readonly string[]): FieldError[] {
  if (!value) return [required(field, `valid values: [${supported.map((text) => JSON.stringify(text)).join(' ')}]`)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

function validateExitCodes({ operator, containerName, values }: ExitCodes, field: string, names: Set<string>) {
  const at = `${field}.values`;
  const first = new Map(values.map((value, index) => [value, index] as const).toReversed());
  return [
    ...word(`${field}.operator`, operator, ['In', 'NotIn']),
    ...(containerName !== undefined && !names.has(containerName)
      ? [
          invalidValue(
            `${field}.containerName`,
            containerName,
            'must be one of the container or initContainer names in the pod template',
          ),
        ]
      : []),
    ...(values.length === 0 ? [invalidValue(at, values, 'at least one value is required')] : []),
    ...bounded(at, values, mostExitCodes),
    ...eachOf(at, values, (value, place, index) => [
      ...(operator === 'In' && value === 0 ? [invalidValue(place, value, 'must not be 0 for the In operator')] : []),
      ...(first.get(value) === index ? [] : [duplicate(place, value)]),
    ]),
    ...(values.some((value, index) => index > 0 && values[index - 1]! > value)
      ? [invalidValue(at, values, 'must be ordered')]
      : []),
  ];
}

const validatePattern = ({ type, status }: ConditionPattern, field: string): FieldError[] => [
  ...named(`${field}.type`, type ?? '', qualifiedName),
  ...word(`${field}.status`, status, ['False', 'True', 'Unknown']),
];

const wrongRule = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${detail}`,
});

function validateFailureRule(rule: FailureRule, field: string, spec: JobSpec, names: Set<string>): FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  const lacksLimit = action === 'FailIndex' && spec.backoffLimitPerIndex === undefined;
  return [
    ...word(`${field}.action`, action, ['Count', 'FailIndex', 'FailJob', 'Ignore']),
    ...(lacksLimit ? [invalidValue(`${field}.action`, action, 'requires the backoffLimitPerIndex to be set')] : []),
    ...(onExitCodes ? validateExitCodes(onExitCodes, `${field}.onExitCodes`, names) : []),
    ...bounded(`${field}.onPodConditions`, onPodConditions, mostRules),
    ...eachOf(`${field}.onPodConditions`, onPodConditions, validatePattern),
    ...(onExitCodes && onPodConditions.length > 0
      ? [wrongRule(field, 'specifying both OnExitCodes and OnPodConditions is not supported')]
      : []),
    ...(!onExitCodes && onPodConditions.length === 0
      ? [wrongRule(field, 'specifying one of OnExitCodes and OnPodConditions is required')]
      : []),
  ];
}

/** kubernetes pkg/apis/batch/validation/validation.go validatePodFailurePolicy */
export function validateFailurePolicy(spec: JobSpec, field: string): FieldError[] {
  const { rules } = spec.podFailurePolicy!;
  const { containers = [], initContainers = [] } = spec.template.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  return [
    ...bounded(`${field}.rules`, rules, mostRules),
    ...eachOf(`${field}.rules`, rules, (rule, place) => validateFailureRule(rule, place, spec, names)),
  ];
}

function validateSuccessRule({ succeededCount, succeededIndexes }: SuccessRule, field: string, completions: number) {
  const problem = succeededIndexes === undefined ? undefined : intervalsProblem(succeededIndexes, completions);
  const named = problem === undefined ? sizeOf(parseIntervals(succeededIndexes ?? '', completions)) : 0;
  const tooHigh = (most: number, of: string): FieldError[] =>
    (succeededCount ?? 0) > most
      ? [
          invalidValue(
            `${field}.succeededCount`,
            succeededCount,
            `must be less than or equal to ${most} (the number of ${of})`,
          ),
        ]
      : [];
  return [
    ...(succeededCount === undefined && succeededIndexes === undefined
      ? [required(field, 'at least one of succeededCount or succeededIndexes must be specified')]
      : []),
    ...((succeededIndexes ?? '').length > longestIndexes ? [tooLong(`${field}.succeededIndexes`, longestIndexes)] : []),
    ...(problem === undefined
      ? []
      : [invalidValue(`${field}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${problem}`)]),
    ...nonNegative(`${field}.succeededCount`, succeededCount),
    ...tooHigh(completions, 'specified completions'),
    ...(succeededIndexes === undefined ? [] : tooHigh(named, 'indexes in the specified succeededIndexes field')),
  ];
}

/** validateSuccessPolicy */
export function validateSuccessPolicy(spec: JobSpec, field: string): FieldError[] {
  const { rules } = spec.successPolicy!;
  return [
    ...(rules.length === 0
      ? [required(`${field}.rules`, 'at least one rules must be specified when the successPolicy is specified')]
      : []),
    ...bounded(`${field}.rules`, rules, mostRules),
    ...eachOf(`${field}.rules`, rules, (rule, place) => validateSuccessRule(rule, place, spec.completions ?? 0)),
  ];
}
