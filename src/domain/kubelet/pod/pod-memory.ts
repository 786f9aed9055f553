import type { ContainerExit, ContainerStatus } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { parseGiven, type GivenResources } from '../container-spec/given-resources.ts';
import type { ResizeTrouble } from '../status/resize-conditions.ts';
import type { WaitingReason } from '../status/waiting-reason.ts';
import type { Pod } from '../../meta/types.ts';
import { resizePlan } from '../container-spec/resize-plan.ts';
import { podContainers } from './container-kinds.ts';
import { latest, ranFor, type ObservedPod } from './observed-pod.ts';
import { label } from './pod-identity.ts';
import type { PodRecord } from './pod-record.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { RunHistory } from './run-history.ts';
import { ToldRuns } from './told-runs.ts';

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
  /** By container id: the resources that it was given while it ran, instead of those that it was made with. */
  readonly given = new Map<string, GivenResources>();
  /** By container name: why it has not the resources that its spec asks for. */
  readonly resizes = new Map<string, ResizeTrouble>();
  readonly #told = new ToldRuns();
  runs = new RunHistory();

  /** What was kept when k2d ran before. */
  restore({ runs, lastExits, hooked, held, given }: PodRecord): void {
    for (const name of held) this.held.add(name);
    for (const [id, resources] of given) this.given.set(id, resources);
    this.runs = new RunHistory(runs);
    for (const [name, exit] of lastExits) this.lastExits.set(name, exit);
    for (const [name, run] of hooked) this.hooked.set(name, run);
  }

  /** Restarts counted over all starts. One that runs again, whoever started it, is not held any more. */
  noteRuns(seen: ObservedPod): { observed: ObservedPod; restarted: boolean } {
    const { begun, ...noted } = this.runs.note(seen);
    for (const name of begun) this.held.delete(name);
    return noted;
  }

  /** The kubelet stops it until its next start; `told` are the restarts in its status. */
  hold(noted: ContainerStatus, told: number): void {
    this.held.add(noted.labels[label.container] ?? '');
    this.runs.hold(noted, told);
  }

  /** The kubelet has started it. */
  release(container: string): void {
    this.held.delete(container);
    this.runs.release(container);
  }

  givenTo(found: ContainerStatus): GivenResources | undefined {
    return this.given.get(found.id) ?? parseGiven(found.labels[label.resources]);
  }

  /** A resize that was taken back is no trouble any more. */
  noteResizes(pod: Pod, observed: ObservedPod): void {
    for (const { container } of podContainers(pod)) {
      const found = latest(observed, container.name);
      const given = found && this.givenTo(found);
      if (given && resizePlan(container, given) === 'none') this.resizes.delete(container.name);
    }
  }

  toRecord(): PodRecord {
    return {
      runs: this.runs.entries(),
      lastExits: [...this.lastExits],
      hooked: [...this.hooked],
      held: [...this.held],
      given: [...this.given],
    };
  }

  /** What the kubelet itself ends is no crash. */
  hear(event: RuntimeEvent): void {
    if (!this.held.has(event.labels[label.container] ?? '')) this.#told.hear(event);
  }

  /** How runs ended that were over and followed by others before anybody looked; answers whether there were any. */
  noteToldExits({ containers }: ObservedPod): boolean {
    const noted = containers.map((container) => {
      const name = container.labels[label.container] ?? '';
      const exit = this.#told.exitBefore(container);
      if (!exit || endOf(this.lastExits.get(name)) >= endOf(exit)) return false;
      this.lastExits.set(name, exit);
      this.#noteCrash(name, exit);
      return true;
    });
    return noted.includes(true);
  }

  #noteCrash(name: string, exit: ContainerExit): void {
    if (exit.finishedAt) this.backoff.noteExit(name, exit.finishedAt.getTime(), ranFor(exit));
  }

  noteExits({ containers }: ObservedPod): void {
    for (const container of containers) {
      const name = container.labels[label.container] ?? '';
      if (container.state.kind !== 'exited' && container.state.kind !== 'restarting') continue;
      const { exit } = container.state;
      if (exit.finishedAt === undefined) continue;
      // What the kubelet itself ended is no crash; how the run before it ended is what people look for.
      if (this.held.has(name) && this.lastExits.has(name)) continue;
      this.#noteCrash(name, exit);
      this.lastExits.set(name, exit);
    }
  }
}

const endOf = (exit: ContainerExit | undefined): number => exit?.finishedAt?.getTime() ?? 0;
