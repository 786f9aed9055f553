import { setTimeout as pass } from 'node:timers/promises';
import type { Containers } from '../../container-runtime/container.ts';
import type { ContainerStats } from '../../container-runtime/process.ts';
import type { Pod } from '../../meta/types.ts';
import type { PodUsage } from '../../resources/pod-usage.ts';
import { containerId } from './open-process.ts';

/** A rate over less says little; who asks again sooner gets the same answer. */
const leastWindowMs = 5000;
/** What was read longer ago says nothing about now. */
const longestWindowMs = 120_000;
/** For containers that nobody asked about lately. */
const firstWindowMs = 1000;

type Reading = { at: number; cpuNanos: number; rate?: { cpuNanoCores: number; windowMs: number } };

/**
 * Reads from the engine what containers use, when somebody asks. CPU is counted by the engine since the container's start, so a rate takes two readings:
 * the first comes from whoever asked before, or a second ago.
 */
export class PodUsageReader {
  readonly #containers: Pick<Containers, 'stats'>;
  readonly #signal: AbortSignal;
  #readings = new Map<string, Reading>();

  constructor(containers: Pick<Containers, 'stats'>, signal: AbortSignal) {
    this.#containers = containers;
    this.#signal = signal;
  }

  async read(pods: readonly Pod[]): Promise<ReadonlyMap<string, PodUsage>> {
    const names = pods.map((pod) => [pod, runningIds(pod)] as const);
    const ids = names.flatMap(([, containers]) => [...containers.values()]);
    const stats = await this.#measure(ids);
    const unknown = ids.filter((id) => stats.has(id) && this.#readings.get(id)?.rate === undefined);
    if (unknown.length > 0) {
      await pass(firstWindowMs, undefined, { signal: this.#signal });
      for (const [id, each] of await this.#measure(unknown, firstWindowMs / 2)) stats.set(id, each);
    }
    return new Map(
      names.flatMap(([pod, containers]) => {
        const usage = this.#usageOf(containers, stats);
        return usage ? [[pod.metadata?.uid ?? '', usage]] : [];
      }),
    );
  }

  /** Notes what is read, and forgets those of whom nobody asked for long. */
  async #measure(ids: readonly string[], leastMs = leastWindowMs): Promise<Map<string, ContainerStats>> {
    const stats = ids.length === 0 ? [] : await this.#containers.stats(ids);
    const now = Math.max(0, ...stats.map(({ time }) => time.getTime()));
    if (now > 0) this.#readings = new Map([...this.#readings].filter(([, { at }]) => at > now - longestWindowMs));
    for (const { id, time, cpuNanos } of stats) {
      const reading = nextReading(this.#readings.get(id), time.getTime(), cpuNanos, leastMs);
      this.#readings.set(id, reading);
    }
    return new Map(stats.map((each) => [each.id, each]));
  }

  #usageOf(containers: ReadonlyMap<string, string>, stats: ReadonlyMap<string, ContainerStats>): PodUsage | undefined {
    const entries = [...containers].map(([name, id]) => {
      const { rate } = this.#readings.get(id) ?? {};
      const each = stats.get(id);
      return each && rate ? { name, rate, stats: each } : undefined;
    });
    const known = entries.filter((entry) => entry !== undefined);
    if (known.length === 0 || known.length < entries.length) return undefined;
    return {
      time: new Date(Math.min(...known.map((entry) => entry.stats.time.getTime()))),
      windowMs: Math.max(...known.map(({ rate }) => rate.windowMs)),
      containers: Object.fromEntries(
        known.map(({ name, rate, stats: { memoryBytes } }) => [name, { cpuNanoCores: rate.cpuNanoCores, memoryBytes }]),
      ),
    };
  }
}

/** A count that went back is that of another run. */
function nextReading(before: Reading | undefined, at: number, cpuNanos: number, leastMs: number): Reading {
  if (!before || cpuNanos < before.cpuNanos) return { at, cpuNanos };
  const windowMs = at - before.at;
  if (windowMs < leastMs) return before;
  return { at, cpuNanos, rate: { cpuNanoCores: ((cpuNanos - before.cpuNanos) * 1000) / windowMs, windowMs } };
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
