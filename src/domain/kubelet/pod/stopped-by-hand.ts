import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { restartsAfter } from '../container-spec/restart-policy.ts';
import type { ContainerKind } from './container-kinds.ts';
import { ranFor } from './observed-pod.ts';
import { label } from './pod-identity.ts';

/** A container that ended so soon, and was restarted by the engine before, was crashing; nobody's hand stopped it. */
const crashRun = 10_000;

export type EngineHabits = {
  /** The engine restarts by its policy with growing pauses. */
  engineBacksOff: boolean;
  /** True while the kubelet itself holds it, not somebody's hand. */
  readonly isHeld: (container: string) => boolean;
  /** The engine's policy started its present or last run, not a call. */
  readonly restartedByEngine: (container: string) => boolean;
};

/**
 * The engine starts again what ends by itself and leaves alone what was stopped by a call. So a container that stands still although
 * its policy says it should run was stopped by somebody, unless the kubelet holds it, or it was crashing when k2d went away.
 */
export function wasStoppedByHand(
  pod: Pod,
  kind: ContainerKind,
  found: ContainerStatus,
  { isHeld, engineBacksOff, restartedByEngine }: EngineHabits,
): boolean {
  if (found.state.kind !== 'exited' || !restartsAfter(pod, kind, found.state.exit.code)) return false;
  if (found.state.exit.error !== '' || found.state.exit.finishedAt === undefined) return false;
  if (isHeld(found.labels[label.container] ?? '')) return false;
  if (found.config.restart === 'no') return wasKilled(found.state.exit.code);
  const wasCrashing =
    !engineBacksOff && restartedByEngine(found.labels[label.container] ?? '') && ranFor(found.state.exit) < crashRun;
  return !wasCrashing;
}

/** An adopted container may have no policy of the engine: then the way it ended is all there is. 128 and SIGTERM or SIGKILL. */
const wasKilled = (exitCode: number): boolean => exitCode === 143 || exitCode === 137;
