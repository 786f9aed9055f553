import type { ContainerExit } from '../../container-runtime/container.ts';
import type { PlanContext } from './compute-pod-actions.ts';
import { lastRun, type ObservedPod } from './observed-pod.ts';
import { label } from './pod-identity.ts';
import type { WaitingReason } from '../status/waiting-reason.ts';
import { RestartBackoff } from './restart-backoff.ts';

/** What the kubelet remembers of a pod between two looks at the engine; all of it can be lost without harm. */
export class PodMemory {
  readonly backoff = new RestartBackoff();
  /** Containers that the kubelet itself stopped until their next start. */
  readonly held = new Set<string>();
  /** Why containers do not run yet. */
  readonly waiting = new Map<string, WaitingReason>();
  /** How each container's run before the present one ended. */
  readonly lastExits = new Map<string, ContainerExit>();

  noteExits({ containers }: ObservedPod): void {
    for (const container of containers) {
      const run = lastRun(container);
      const name = container.labels[label.container] ?? '';
      if (!run || (container.state.kind !== 'exited' && container.state.kind !== 'restarting')) continue;
      // What the kubelet itself ended is no crash; how the run before it ended is what people look for.
      if (this.held.has(name) && this.lastExits.has(name)) continue;
      this.backoff.noteExit(name, run.finishedAt, run.ranFor);
      this.lastExits.set(name, container.state.exit);
    }
  }

  planContext(now: number, engineBacksOff: boolean): PlanContext {
    return {
      engineBacksOff,
      now,
      heldUntil: (name) => this.backoff.heldUntil(name, now),
      isHeld: (name) => this.held.has(name),
    };
  }
}
