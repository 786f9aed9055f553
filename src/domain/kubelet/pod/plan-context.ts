import type { PostStartHooks } from '../hooks/post-start-hooks.ts';
import type { PlanContext } from './compute-pod-actions.ts';
import { nowOf, type PodScope } from './pod-scope.ts';

/** What the kubelet knows now, besides the spec and what the engine shows. */
export function planContext(scope: PodScope, hooks: PostStartHooks, mustEnd: boolean): PlanContext {
  const { uid, kubelet, memory } = scope;
  const now = nowOf(scope);
  return {
    engineBacksOff: kubelet.capabilities.restartBackoff,
    now,
    heldUntil: (name) => memory.backoff.heldUntil(name, now),
    isHeld: (name) => memory.held.has(name),
    restartedByEngine: (name) => memory.runs.restartedByEngine(name),
    isStarted: (name) => !hooks.isPending(name) && kubelet.prober.verdicts(uid).started(name),
    givenTo: (found) => memory.givenTo(found),
    mustEnd,
  };
}
