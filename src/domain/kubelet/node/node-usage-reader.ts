import { readFile } from 'node:fs/promises';
import { setTimeout as pass } from 'node:timers/promises';
import type { Clock } from '../../meta/clock.ts';
import type { NodeDisk, NodeUsage } from '../../resources/node-usage.ts';
import { CpuRates, firstWindowMs } from '../engine/cpu-rates.ts';
import { type CpuAndMemory, readProcfs } from './procfs-usage.ts';

export type NodeUsageReaderOptions = {
  disk: () => Promise<NodeDisk | undefined>;
  clock: Clock;
  signal: AbortSignal;
  /** For tests. */
  read?: (path: string) => Promise<string>;
};

const node = 'node';

/** Reads from the kernel what the whole machine uses, when somebody asks: a container sees the same /proc/stat and /proc/meminfo as its host. */
export class NodeUsageReader {
  readonly #options: NodeUsageReaderOptions;
  readonly #rates = new CpuRates();

  constructor(options: NodeUsageReaderOptions) {
    this.#options = options;
  }

  /** Takes a second when nobody asked lately; undefined where the kernel does not say. */
  async read(): Promise<NodeUsage | undefined> {
    let seen = await this.#measure();
    if (seen && this.#rates.rate(node) === undefined) {
      await pass(firstWindowMs, undefined, { signal: this.#options.signal });
      seen = await this.#measure(true);
    }
    const rate = this.#rates.rate(node);
    return seen && rate && { ...seen, ...rate, disk: await this.#options.disk() };
  }

  async #measure(isSecond = false): Promise<CpuAndMemory | undefined> {
    const { clock, read = (path) => readFile(path, 'utf8') } = this.#options;
    const seen = await readProcfs(read, () => clock.now()).catch(() => undefined);
    if (seen) this.#rates.note([{ key: node, ...seen }], isSecond);
    return seen;
  }
}
