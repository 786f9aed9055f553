import type { ContainerStatus } from '../../container-runtime/container.ts';
import { label } from './pod-identity.ts';
import { restartsOf, type ObservedPod } from './observed-pod.ts';

/**
 * Where the engine's count stood at the last start, and how many starts it does not count: less than none when it counts some that
 * are none. `heldAt` are the restarts of one that the kubelet is about to stop until its next start.
 */
export type RunRecord = { id: string; startedAt?: string; engineCount: number; uncounted: number; heldAt?: number };

/**
 * Restarts that never go back. An engine counts what its own policy does and begins anew when a call starts the container: after a
 * failed liveness probe, after a pause between crashes, after a reboot.
 */
export class RunHistory {
  readonly #records: Map<string, RunRecord>;

  constructor(records: Iterable<readonly [string, RunRecord]> = []) {
    this.#records = new Map(records);
  }

  /** The same containers, their restarts counted over all starts; whether one was started again since the last look; and which began a run. */
  note(observed: ObservedPod): { observed: ObservedPod; restarted: boolean; begun: string[] } {
    let restarted = false;
    const begun: string[] = [];
    const containers = observed.containers.map((container) => {
      const before = this.#of(container);
      const after = recordOf(container, before);
      this.#records.set(nameOf(container), after);
      restarted ||= before !== undefined && totalOf(after) !== totalOf(before);
      if (before && isUp(container) && hasBegun(before, after)) begun.push(nameOf(container));
      // Of the engine's own restarts the next one may be counted already; after a call it begins with none.
      const live = after.heldAt ?? container.restartCount + after.uncounted;
      return { ...container, restartCount: Math.max(totalOf(after), live) };
    });
    return { observed: { ...observed, containers }, restarted, begun };
  }

  /**
   * The kubelet stops it now, until its next start: what the engine begins meanwhile is no restart. So is a run that was already seen,
   * unless somebody was told of it: `told` are the restarts in its status. One that had ended before anybody saw it is.
   */
  hold(noted: ContainerStatus, told: number): void {
    const before = this.#of(noted);
    if (!before) return;
    const isUntold = noted.state.kind === 'running' && restartsOf(noted) > told;
    const isUnseen =
      noted.state.kind === 'restarting' &&
      startOf(noted) !== before.startedAt &&
      noted.restartCount === totalOf(before);
    this.#records.set(nameOf(noted), { ...before, heldAt: noted.restartCount + Number(isUnseen) - Number(isUntold) });
  }

  /** The kubelet has started it: whatever runs from now on counts, though it may have ended before anybody looks. */
  release(name: string): void {
    const held = this.#records.get(name);
    if (held?.heldAt === undefined) return;
    const { heldAt, ...record } = held;
    this.#records.set(name, { ...record, uncounted: heldAt - record.engineCount });
  }

  /** The engine counts from its last start by a call. */
  restartedByEngine(container: string): boolean {
    return (this.#records.get(container)?.engineCount ?? 0) > 0;
  }

  entries(): [string, RunRecord][] {
    return [...this.#records];
  }

  #of(container: ContainerStatus): RunRecord | undefined {
    const record = this.#records.get(nameOf(container));
    return record?.id === container.id ? record : undefined;
  }
}

const nameOf = ({ labels }: ContainerStatus): string => labels[label.container] ?? '';

const isUp = ({ state }: ContainerStatus): boolean => state.kind === 'running' || state.kind === 'paused';

const hasBegun = (before: RunRecord, after: RunRecord): boolean =>
  before.heldAt !== undefined || before.startedAt !== after.startedAt;

const totalOf = ({ engineCount, uncounted, heldAt }: RunRecord): number => heldAt ?? engineCount + uncounted;

function recordOf(container: ContainerStatus, before: RunRecord | undefined): RunRecord {
  const { id, restartCount: engineCount, state } = container;
  const start = startOf(container);
  const startedAt = start === undefined ? {} : { startedAt: start };
  // The engine is about to start it: whether it has counted that already differs.
  const settled = state.kind === 'restarting' ? Math.max(0, engineCount - 1) : engineCount;
  if (!before) return { id, engineCount: settled, uncounted: 0, ...startedAt };
  if (state.kind === 'restarting' || start === undefined) return before;
  const { heldAt, ...seen } = before;
  // It stands still: the hold is over, and has left its mark in the engine's count.
  if (heldAt !== undefined && state.kind === 'exited')
    return { id, engineCount, uncounted: heldAt + (hasSucceeded(container) ? 1 : 0) - engineCount, ...startedAt };
  if (start === before.startedAt) return seen;
  const continues = engineCount > before.engineCount || before.startedAt === undefined;
  return { id, engineCount, uncounted: continues ? seen.uncounted : totalOf(before) + 1 - engineCount, ...startedAt };
}

/** The run that was to be held did its work before: it is the last one, so it counts. */
const hasSucceeded = ({ config, state }: ContainerStatus): boolean =>
  config.restart === 'on-failure' && state.kind === 'exited' && state.exit.code === 0;

function startOf({ state }: ContainerStatus): string | undefined {
  if (state.kind === 'created') return undefined;
  return ('startedAt' in state ? state.startedAt : state.exit.startedAt)?.toISOString();
}
