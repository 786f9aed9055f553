import { setTimeout as pass } from 'node:timers/promises';
import type { Containers } from '../../container-runtime/container.ts';
import type { ContainerStats } from '../../container-runtime/process.ts';
import type { Pod } from '../../meta/types.ts';
import type { PodUsage } from '../../resources/pod-usage.ts';
import { CpuRates, firstWindowMs } from './cpu-rates.ts';
import { containerId } from './open-process.ts';

/** Reads from the engine what containers use, when somebody asks. */
export class PodUsageReader {
  readonly #containers: Pick<Containers, 'stats'>;
  readonly #signal: AbortSignal;
  readonly #rates = new CpuRates();

  constructor(containers: Pick<Containers, 'stats'>, signal: AbortSignal) {
    this.#containers = containers;
    this.#signal = signal;
  }

  async read(pods: readonly Pod[]): Promise<ReadonlyMap<string, PodUsage>> {
    const names = pods.map((pod) => [pod, runningIds(pod)] as const);
    const ids = names.flatMap(([, containers]) => [...containers.values()]);
    const stats = await this.#measure(ids);
    const unknown = ids.filter((id) => stats.has(id) && this.#rates.rate(id) === undefined);
    if (unknown.length > 0) {
      await pass(firstWindowMs, undefined, { signal: this.#signal });
      for (const [id, each] of await this.#measure(unknown, true)) stats.set(id, each);
    }
    return new Map(
      names.flatMap(([pod, containers]) => {
        const usage = this.#usageOf(containers, stats);
        return usage ? [[pod.metadata?.uid ?? '', usage]] : [];
      }),
    );
  }

  async #measure(ids: readonly string[], isSecond = false): Promise<Map<string, ContainerStats>> {
    const stats = ids.length === 0 ? [] : await this.#containers.stats(ids);
    this.#rates.note(
      stats.map(({ id, time, cpuNanos }) => ({ key: id, time, cpuNanos })),
      isSecond,
    );
    return new Map(stats.map((each) => [each.id, each]));
  }

  #usageOf(containers: ReadonlyMap<string, string>, stats: ReadonlyMap<string, ContainerStats>): PodUsage | undefined {
    const entries = [...containers].map(([name, id]) => {
      const rate = this.#rates.rate(id);
      const each = stats.get(id);
      return each && rate ? { name, rate, stats: each } : undefined;
    });
    const known = entries.filter((entry) => entry !== undefined);
    if (known.length === 0 || known.length < entries.length) return undefined;
    return {
      time: new Date(Math.min(...known.map((entry) => entry.stats.time.getTime()))),
      windowMs: Math.max(...known.map(({ rate }) => rate.windowMs)),
      containers: Object.fromEntries(
        known.map(({ name, rate: { cpuNanoCores }, stats: { id: _id, time: _time, ...used } }) => [
          name,
          { ...used, cpuNanoCores },
        ]),
      ),
    };
  }
}

/** Of the containers that run: what ends has no use any more. */
function runningIds(pod: Pod): Map<string, string> {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const running = [...containerStatuses, ...initContainerStatuses].filter(({ state }) => state?.running);
  return new Map(
    running.flatMap(({ name }) => {
      const id = containerId(pod, name);
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
