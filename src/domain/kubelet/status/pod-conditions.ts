import { toTime } from '../../meta/clock.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../meta/types.ts';

/** kubernetes pkg/kubelet/status/generate.go. Conditions of others stay. */
export function conditionsOf(
  pod: Pod,
  phase: string,
  initialized: boolean,
  main: readonly ContainerStatus[],
  sandboxIsReady: boolean,
  now: Date,
): PodCondition[] {
  const unready = main.filter((s) => !s.ready).map((s) => s.name);
  const ended = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const notReady: Verdict =
    ended === undefined
      ? {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        }
      : { status: 'False', reason: ended };
  const ready: Verdict = unready.length === 0 && ended === undefined ? { status: 'True' } : notReady;
  const verdicts: Record<string, Verdict> = {
    PodReadyToStartContainers: { status: sandboxIsReady ? 'True' : 'False' },
    Initialized: initialized
      ? { status: 'True', ...(ended === 'PodCompleted' ? { reason: ended } : {}) }
      : { status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status' },
    Ready: ready,
    ContainersReady: ready,
    PodScheduled: { status: 'True' },
  };
  const before = pod.status?.conditions ?? [];
  const own = Object.entries(verdicts).map(([type, verdict]) => {
    const old = before.find((c) => c.type === type);
    const kept = old?.status === verdict.status ? old.lastTransitionTime : undefined;
    return {
      type,
      ...verdict,
      lastTransitionTime: kept ?? toTime(now),
      observedGeneration: pod.metadata?.generation ?? 1,
    };
  });
  return [...own, ...before.filter((c) => !Object.hasOwn(verdicts, c.type))];
}

type Verdict = { status: 'True' | 'False'; reason?: string; message?: string };
