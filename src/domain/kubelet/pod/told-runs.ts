import type { ContainerExit, ContainerStatus } from '../../container-runtime/container.ts';
import type { RuntimeEvent } from '../../container-runtime/runtime-event.ts';
import { label } from './pod-identity.ts';

type ToldRun = {
  id: string;
  startedAt?: Date;
  ended?: { code: number; at: Date; startedAt?: Date };
};

/**
 * Ends of runs as the engine told of them. One that starts a container again at once has forgotten the exit code by the time that
 * somebody looks: Podman does in some tenths of a second.
 */
export class ToldRuns {
  /** By container name, the last one only. */
  readonly #runs = new Map<string, ToldRun>();

  hear({ action, containerId: id, labels, time, exitCode }: RuntimeEvent): void {
    const name = labels[label.container];
    if (name === undefined) return;
    const before = this.#runs.get(name);
    const run = before?.id === id ? before : { id };
    if (action === 'started') this.#runs.set(name, { ...run, startedAt: time });
    if (action !== 'exited' || exitCode === undefined) return;
    const { startedAt } = run;
    this.#runs.set(name, { id, ended: { code: exitCode, at: time, ...(startedAt && { startedAt }) } });
  }

  /** How the run before the present one ended; undefined when nobody has told, or when what was told is another run's. */
  exitBefore({ id, labels, state }: ContainerStatus): ContainerExit | undefined {
    if (state.kind !== 'running' && state.kind !== 'paused') return undefined;
    const run = this.#runs.get(labels[label.container] ?? '');
    const { startedAt, previousEnd } = state;
    if (run?.id !== id || !run.ended || !previousEnd) return undefined;
    if (run.ended.at < previousEnd || run.ended.at > startedAt) return undefined;
    return {
      code: run.ended.code,
      oomKilled: false,
      error: '',
      ...(run.ended.startedAt && { startedAt: run.ended.startedAt }),
      finishedAt: previousEnd,
    };
  }
}
