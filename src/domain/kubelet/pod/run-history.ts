import type { ContainerStatus } from '../../container-runtime/container.ts';
import { label } from './pod-identity.ts';
import type { ObservedPod } from './observed-pod.ts';

/** Where the engine's count stood at the last start, and how many starts it does not count. */
export type RunRecord = { id: string; startedAt?: string; engineCount: number; uncounted: number };

/**
 * Restarts that never go back. An engine counts what its own policy does and begins anew when a call starts the container: after a
 * failed liveness probe, after a pause between crashes, after a reboot.
 */
export class RunHistory {
  readonly #records: Map<string, RunRecord>;

  constructor(records: Iterable<readonly [string, RunRecord]> = []) {
    this.#records = new Map(records);
  }

  /** The same containers, their restarts counted over all starts; and whether one was started again since the last look. */
  note(observed: ObservedPod): { observed: ObservedPod; restarted: boolean } {
    let restarted = false;
    const containers = observed.containers.map((container) => {
      const before = this.#of(container);
      const after = recordOf(container, before);
      this.#records.set(nameOf(container), after);
      restarted ||= before !== undefined && totalOf(after) !== totalOf(before);
      return { ...container, restartCount: container.restartCount + after.uncounted };
    });
    return { observed: { ...observed, containers }, restarted };
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

const totalOf = ({ engineCount, uncounted }: RunRecord): number => engineCount + uncounted;

function recordOf(container: ContainerStatus, before: RunRecord | undefined): RunRecord {
  const { id, restartCount: engineCount, state } = container;
  const start = startOf(container);
  const startedAt = start === undefined ? {} : { startedAt: start };
  // The engine is about to start it: whether it has counted that already differs.
  const settled = state.kind === 'restarting' ? Math.max(0, engineCount - 1) : engineCount;
  if (!before) return { id, engineCount: settled, uncounted: 0, ...startedAt };
  if (state.kind === 'restarting' || start === undefined || start === before.startedAt) return before;
  const lost = before.engineCount - engineCount;
  const isFirst = before.startedAt === undefined;
  return { id, engineCount, uncounted: before.uncounted + (lost < 0 || isFirst ? 0 : lost + 1), ...startedAt };
}

function startOf({ state }: ContainerStatus): string | undefined {
  if (state.kind === 'created') return undefined;
  return ('startedAt' in state ? state.startedAt : state.exit.startedAt)?.toISOString();
}
