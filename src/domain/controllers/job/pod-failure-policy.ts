import { keyOf, formatKey } from '../../meta/object-key.ts';
import type { ContainerStatus, JobSpec, Pod } from '../../meta/types.ts';

type Rule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];

/** What the first rule that knows this failure wants; `message` is there when the whole Job fails by it. */
export type FailureVerdict = { action: 'Ignore' | 'Count' | 'FailIndex' | 'FailJob'; message?: string };

/** kubernetes pkg/controller/job/pod_failure_policy.go matchPodFailurePolicy. A failure that no rule knows counts. */
export function judgeFailure({ podFailurePolicy }: JobSpec, pod: Pod): FailureVerdict {
  for (const [index, rule] of (podFailurePolicy?.rules ?? []).entries()) {
    const reason = matchRule(rule, pod);
    if (reason === undefined) continue;
    const action = rule.action as FailureVerdict['action'];
    if (action !== 'FailJob') return { action };
    return { action, message: `${reason} matching FailJob rule at index ${index}` };
  }
  return { action: 'Count' };
}

export const isCounted = (spec: JobSpec, pod: Pod): boolean => judgeFailure(spec, pod).action !== 'Ignore';

function matchRule({ onExitCodes, onPodConditions = [] }: Rule, pod: Pod): string | undefined {
  const name = formatKey(keyOf(pod));
  const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status ?? {};
  if (onExitCodes) {
    const container = [...containerStatuses, ...initContainerStatuses].find((status) => matchExit(onExitCodes, status));
    return (
      container &&
      `Container ${container.name} for pod ${name} failed with exit code ${container.state?.terminated?.exitCode}`
    );
  }
  const condition = conditions.find(({ type, status }) =>
    onPodConditions.some((pattern) => pattern.type === type && pattern.status === status),
  );
  return condition && `Pod ${name} has condition ${condition.type}`;
}

function matchExit(wanted: NonNullable<Rule['onExitCodes']>, { name, state }: ContainerStatus): boolean {
  const code = state?.terminated?.exitCode ?? 0;
  if (code === 0 || (wanted.containerName ?? name) !== name) return false;
  return wanted.values.includes(code) === (wanted.operator === 'In');
}
