import type { ContainerExit } from '../../container-runtime/container.ts';
import type { WaitingReason } from '../status/waiting-reason.ts';
import { lastRun, type ObservedPod } from './observed-pod.ts';
import { label } from './pod-identity.ts';
import type { PodRecord } from './pod-record.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { RunHistory } from './run-history.ts';

/** What the kubelet remembers of a pod between two looks at the engine; all of it can be lost without harm. */
export class PodMemory {
  readonly backoff = new RestartBackoff();
  /** Containers that the kubelet itself stopped until their next start. */
  readonly held = new Set<string>();
  /** Why containers do not run yet. */
  readonly waiting = new Map<string, WaitingReason>();
  /** How each container's run before the present one ended. */
  readonly lastExits = new Map<string, ContainerExit>();
  /** The run of each container that its postStart hook was for. */
  readonly hooked = new Map<string, string>();
  runs = new RunHistory();

  /** What was kept when k2d ran before. */
  restore({ runs, lastExits, hooked }: PodRecord): void {
    this.runs = new RunHistory(runs);
    for (const [name, exit] of lastExits) this.lastExits.set(name, exit);
    for (const [name, run] of hooked) this.hooked.set(name, run);
  }

  toRecord(): PodRecord {
    return { runs: this.runs.entries(), lastExits: [...this.lastExits], hooked: [...this.hooked] };
  }

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
}
