import { toTime } from '../../meta/clock.ts';
import type { JobSpec, Pod } from '../../meta/types.ts';
import { intersection, parseIntervals, sizeOf, type Intervals } from '../../resources/index-intervals.ts';
import { trueCondition, type JobCondition } from '../../resources/job-conditions.ts';
import { isPodFailed, isSuspended } from './job-pods.ts';
import type { JobView } from './job-view.ts';
import { judgeFailure } from './pod-failure-policy.ts';

export type Outcome = 'SuccessCriteriaMet' | 'FailureTarget';

export type Verdict = { type: Outcome; reason: string; message: string };

export const conditionOf = (
  type: string,
  status: 'True' | 'False',
  reason: string,
  message: string,
  now: Date,
): JobCondition => ({
  type,
  status,
  reason,
  message,
  lastProbeTime: toTime(now),
  lastTransitionTime: toTime(now),
});

const failure = (reason: string, message: string): Verdict => ({ type: 'FailureTarget', reason, message });

/** How the Job ends although pods of it might go on; undefined when it does not (job_controller.go syncJob). */
export const verdictOn = (view: JobView): Verdict | undefined =>
  standing(view) ?? failedByPod(view) ?? failedByLimit(view) ?? failedByIndexes(view) ?? succeededByPolicy(view);

/** What was found once stays so. */
function standing({ status }: JobView): Verdict | undefined {
  const condition = trueCondition(status, 'SuccessCriteriaMet') ?? trueCondition(status, 'FailureTarget');
  if (!condition) return undefined;
  return { type: condition.type as Outcome, reason: condition.reason ?? '', message: condition.message ?? '' };
}

function failedByPod({ spec, pods }: JobView): Verdict | undefined {
  if (!spec.podFailurePolicy) return undefined;
  const messages = pods.filter((pod) => isPodFailed(pod, spec)).map((pod) => judgeFailure(spec, pod).message);
  const message = messages.find((text) => text !== undefined);
  return message === undefined ? undefined : failure('PodFailurePolicy', message);
}

function failedByLimit(view: JobView): Verdict | undefined {
  const { spec, failed, pods } = view;
  if (failed > spec.backoffLimit! || restartsExceed(spec, pods)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  return (deadlineInMs(view) ?? 1) > 0
    ? undefined
    : failure('DeadlineExceeded', 'Job was active longer than specified deadline');
}

/** Containers that are started again in their pod fail in place of pods (pastBackoffLimitOnFailure). */
function restartsExceed({ template, backoffLimit = 0 }: JobSpec, pods: readonly Pod[]): boolean {
  if (template.spec?.restartPolicy !== 'OnFailure') return false;
  const restarts = pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
  return restarts >= Math.max(1, backoffLimit);
}

/** Milliseconds until the Job has been active for too long; undefined when that never happens. */
export function deadlineInMs({ job, spec, status, now }: JobView): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || status.startTime === undefined || isSuspended(job)) return undefined;
  return Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime();
}

function failedByIndexes({ spec, indexes }: JobView): Verdict | undefined {
  if (!indexes?.failed) return undefined;
  const failed = sizeOf(indexes.failed);
  if (failed > (spec.maxFailedIndexes ?? Infinity)) {
    return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  return failed > 0 && failed + sizeOf(indexes.succeeded) >= (spec.completions ?? 0)
    ? failure('FailedIndexes', 'Job has failed indexes')
    : undefined;
}

/** kubernetes pkg/controller/job/success_policy.go matchSuccessPolicy */
function succeededByPolicy({ spec, indexes }: JobView): Verdict | undefined {
  if (!spec.successPolicy || !indexes || indexes.succeeded.length === 0) return undefined;
  const met = spec.successPolicy.rules.findIndex((rule) => isMet(rule, spec.completions ?? 0, indexes.succeeded));
  if (met < 0) return undefined;
  return { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${met}` };
}

type SuccessRule = NonNullable<JobSpec['successPolicy']>['rules'][number];

function isMet({ succeededIndexes, succeededCount }: SuccessRule, completions: number, succeeded: Intervals): boolean {
  if (succeededIndexes === undefined) return sizeOf(succeeded) >= (succeededCount ?? Infinity);
  const wanted = parseIntervals(succeededIndexes, completions);
  const common = sizeOf(intersection(wanted, succeeded));
  return wanted.length > 0 && common >= Math.min(sizeOf(wanted), succeededCount ?? Infinity);
}
