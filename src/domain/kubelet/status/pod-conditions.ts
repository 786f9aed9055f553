import { toTime } from '../../meta/clock.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../meta/types.ts';
import { updateAllowedCondition } from '../../resources/update-permission.ts';
import { resizeConditions, resizeConditionTypes, type ResizeTrouble } from './resize-conditions.ts';

export type ConditionFacts = {
  phase: string;
  /** Names of init containers that have not done their part. */
  uninitialized: readonly string[];
  /** What must be ready: main containers and sidecars. */
  members: readonly ContainerStatus[];
  sandboxIsReady: boolean;
  resizes: ReadonlyMap<string, ResizeTrouble>;
  updateAllowed?: Verdict;
  now: Date;
};

type Verdict = { status: string; reason?: string; message?: string };

/** kubernetes pkg/kubelet/status/generate.go. Conditions of others stay. */
export function conditionsOf(pod: Pod, facts: ConditionFacts): PodCondition[] {
  const containersReady = containersReadyOf(facts);
  const verdicts: Record<string, Verdict> = {
    PodReadyToStartContainers: { status: facts.sandboxIsReady ? 'True' : 'False' },
    Initialized: initializedOf(facts),
    Ready: containersReady.status === 'True' ? gatesOf(pod) : containersReady,
    ContainersReady: containersReady,
    PodScheduled: { status: 'True' },
    ...resizeConditions(pod, facts.resizes),
    ...(facts.updateAllowed === undefined ? {} : { [updateAllowedCondition]: facts.updateAllowed }),
  };
  const before = pod.status?.conditions ?? [];
  const own = Object.entries(verdicts).map(([type, verdict]) => {
    const old = before.find((c) => c.type === type);
    const kept = old?.status === verdict.status ? old.lastTransitionTime : undefined;
    return {
      type,
      ...verdict,
      lastTransitionTime: kept ?? toTime(facts.now),
      observedGeneration: pod.metadata?.generation ?? 1,
    };
  });
  return [...own, ...before.filter(({ type }) => !Object.hasOwn(verdicts, type) && !isOwn(type))];
}

const isOwn = (type: string): boolean =>
  type === updateAllowedCondition || resizeConditionTypes.some((own) => own === type);

function containersReadyOf({ phase, members }: ConditionFacts): Verdict {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = members.filter((s) => !s.ready).map((s) => s.name);
  if (unready.length === 0) return { status: 'True' };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotReady', message };
}

function initializedOf({ phase, uninitialized }: ConditionFacts): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (uninitialized.length === 0) return { status: 'True' };
  const message = `containers with incomplete status: [${uninitialized.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

/** What somebody else has to say before the pod is ready (GeneratePodReadyCondition). */
function gatesOf({ spec, status }: Pod): Verdict {
  const refusals = (spec?.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = status?.conditions?.find(({ type }) => type === conditionType);
    if (!found) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (found.status === 'True') return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`];
  });
  return refusals.length === 0
    ? { status: 'True' }
    : { status: 'False', reason: 'ReadinessGatesNotReady', message: refusals.join(', ') };
}
