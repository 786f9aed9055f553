import { duplicate, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { Job, JobStatus } from '../meta/types.ts';
import { intersection, intervalsProblem, parseIntervals } from './index-intervals.ts';
import { finishedCondition, trueCondition } from './job-conditions.ts';
import { eachOf, nonNegative } from './value-rules.ts';

const wrong = (detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field: 'status.conditions',
  message: `Invalid value: ${detail}`,
});

const counters = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;

function validateUncounted({ uncountedTerminatedPods }: JobStatus): FieldError[] {
  const { succeeded = [], failed = [] } = uncountedTerminatedPods ?? {};
  const seen = new Set<string>();
  const check = (uid: string, at: string): FieldError[] => {
    if (uid === '') return [invalidValue(at, uid, 'must not be empty')];
    return seen.size < seen.add(uid).size ? [] : [duplicate(at, uid)];
  };
  const field = 'status.uncountedTerminatedPods';
  return [...eachOf(`${field}.succeeded`, succeeded, check), ...eachOf(`${field}.failed`, failed, check)];
}

const exclusive: readonly [string, string][] = [
  ['Complete', 'Failed'],
  ['Complete', 'FailureTarget'],
  ['SuccessCriteriaMet', 'Failed'],
  ['SuccessCriteriaMet', 'FailureTarget'],
];

const validateConditions = (next: JobStatus, current: JobStatus): FieldError[] => [
  ...exclusive
    .filter(([one, other]) => trueCondition(next, one) && trueCondition(next, other))
    .map(([one, other]) => wrong(`cannot set ${one}=True and ${other}=true conditions`)),
  ...['Failed', 'Complete', 'FailureTarget', 'SuccessCriteriaMet']
    .filter((type) => trueCondition(current, type) && !trueCondition(next, type))
    .map((type) =>
      wrong(`cannot disable the ${type === 'SuccessCriteriaMet' ? '' : 'terminal '}${type}=True condition`),
    ),
];

function validateTimes({ spec, status: next = {} }: Job, current: JobStatus): FieldError[] {
  const { startTime, completionTime } = next;
  const isComplete = trueCondition(next, 'Complete') !== undefined;
  const field = 'status.completionTime';
  return [
    ...(completionTime !== undefined && !isComplete
      ? [invalidValue(field, completionTime, 'cannot set completionTime when there is no Complete=True condition')]
      : []),
    ...(completionTime === undefined && isComplete
      ? [required(field, 'completionTime is required for Complete jobs')]
      : []),
    ...(startTime !== undefined && completionTime !== undefined && Date.parse(completionTime) < Date.parse(startTime)
      ? [invalidValue(field, completionTime, 'completionTime cannot be set before startTime')]
      : []),
    ...(completionTime !== undefined &&
    current.completionTime !== undefined &&
    completionTime !== current.completionTime
      ? [invalidValue(field, completionTime, 'completionTime cannot be mutated')]
      : []),
    ...(current.startTime !== undefined && startTime === undefined && !spec?.suspend
      ? [required('status.startTime', 'startTime cannot be removed for unsuspended job')]
      : []),
  ];
}

function validateFinished(next: JobStatus): FieldError[] {
  if (!finishedCondition({ status: next })) return [];
  const { succeeded = [], failed = [] } = next.uncountedTerminatedPods ?? {};
  return [
    ...((next.active ?? 0) > 0
      ? [invalidValue('status.active', next.active, 'active>0 is invalid for finished job')]
      : []),
    ...(next.startTime === undefined ? [required('status.startTime', 'startTime is required for finished job')] : []),
    ...(succeeded.length + failed.length > 0
      ? [
          invalidValue(
            'status.uncountedTerminatedPods',
            next.uncountedTerminatedPods,
            'uncountedTerminatedPods needs to be empty for finished job',
          ),
        ]
      : []),
  ];
}

function validateIndexes({ spec, status: next = {} }: Job): FieldError[] {
  const { completedIndexes = '', failedIndexes } = next;
  const { completions, completionMode, backoffLimitPerIndex } = spec!;
  const parsed = (name: 'completedIndexes' | 'failedIndexes'): FieldError[] => {
    const problem = intervalsProblem(next[name] ?? '', completions ?? 0);
    return problem === undefined
      ? []
      : [invalidValue(`status.${name}`, next[name], `error parsing ${name}: ${problem}`)];
  };
  const both = intersection(
    parseIntervals(completedIndexes, completions ?? 0),
    parseIntervals(failedIndexes ?? '', completions ?? 0),
  );
  return [
    ...(completions === undefined ? [] : parsed('completedIndexes')),
    ...(completions === undefined || backoffLimitPerIndex === undefined ? [] : parsed('failedIndexes')),
    ...(completedIndexes !== '' && completionMode !== 'Indexed'
      ? [
          invalidValue(
            'status.completedIndexes',
            completedIndexes,
            'cannot set non-empty completedIndexes when non-indexed completion mode',
          ),
        ]
      : []),
    ...(failedIndexes !== undefined && backoffLimitPerIndex === undefined
      ? [
          invalidValue(
            'status.failedIndexes',
            failedIndexes,
            'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
          ),
        ]
      : []),
    ...both
      .slice(0, 1)
      .map(({ first }) =>
        invalidValue(
          'status.failedIndexes',
          failedIndexes,
          `failedIndexes and completedIndexes overlap at index: ${first}`,
        ),
      ),
  ];
}

/** Only an Indexed Job that is as wide as it is long can lose indexes that have succeeded. */
function validateCounters({ spec, status: next = {} }: Job, current: JobStatus): FieldError[] {
  const mayShrink = spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  return (['succeeded', 'failed'] as const)
    .filter((name) => (next[name] ?? 0) < (current[name] ?? 0) && !(name === 'succeeded' && mayShrink))
    .map((name) => invalidValue(`status.${name}`, next[name] ?? 0, `cannot decrease the ${name} counter`));
}

/** Other controllers may run a Job, so that what they write is held to what clients expect (ValidateJobUpdateStatus). */
export function validateJobStatus(job: Job, before: Job): FieldError[] {
  const [next, current] = [job.status ?? {}, before.status ?? {}];
  const changed = (...names: (keyof JobStatus)[]) => names.some((name) => next[name] !== current[name]);
  return [
    ...counters.flatMap((name) => nonNegative(`status.${name}`, next[name])),
    ...validateUncounted(next),
    ...validateConditions(next, current),
    ...(changed('startTime', 'completionTime', 'conditions') ? validateTimes(job, current) : []),
    ...(changed('active', 'startTime', 'uncountedTerminatedPods', 'conditions') ? validateFinished(next) : []),
    ...(changed('completedIndexes', 'failedIndexes') ? validateIndexes(job) : []),
    ...validateCounters(job, current),
  ];
}
