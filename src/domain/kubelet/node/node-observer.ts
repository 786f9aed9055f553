import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Images } from '../../container-runtime/image.ts';
import type { Clock } from '../../meta/clock.ts';
import type { Logger } from '../../meta/logger.ts';
import type { ResourceList } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { nodes } from '../../resources/node.ts';
import type { NodeDisk } from '../../resources/node-usage.ts';
import { observedStatus, type NodeObservation } from './node-observation.ts';

export type NodeObserverOptions = {
  registry: Registry;
  images: Pick<Images, 'list'>;
  nodeName: string;
  reserved: ResourceList;
  hostIp: () => string;
  /** Of the engine's disk. */
  disk: () => Promise<NodeDisk | undefined>;
  clock: Clock;
  logger: Logger;
};

/** As often as the kubelet looks (nodeStatusUpdateFrequency). */
const freshForMs = 10_000;
/** Whoever reads the node waits no longer for a machine that is slow to answer. */
const patienceMs = 2000;

/** Looks at the machine when somebody wants to know, never by itself, and writes what it sees into the node's status. */
export class NodeObserver {
  readonly #options: NodeObserverOptions;
  #observedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(options: NodeObserverOptions) {
    this.#options = options;
  }

  /** Resolves when the status is no older than some seconds, or when that takes too long. */
  async refresh(): Promise<void> {
    // Clocks are also set back.
    if (Math.abs(this.#options.clock.now().getTime() - this.#observedAt) < freshForMs) return;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    const leave = new AbortController();
    await Promise.race([this.#looking, setTimeout(patienceMs, undefined, { signal: leave.signal }).catch(() => {})]);
    leave.abort();
  }

  /** Something has changed that the next reader must see. */
  expire(): void {
    this.#observedAt = -Infinity;
  }

  async #look(): Promise<void> {
    const { registry, nodeName, reserved, clock, logger } = this.#options;
    try {
      const observation = await this.#observe();
      const now = clock.now();
      await registry.update(
        nodes,
        { namespace: '', name: nodeName },
        (node) => ({ ...node, status: observedStatus(node.status ?? {}, observation, reserved, now) }),
        { subresource: 'status' },
      );
      this.#observedAt = now.getTime();
    } catch (error) {
      logger.warn({ error }, 'cannot observe the node');
    }
  }

  async #observe(): Promise<NodeObservation> {
    const { images, disk, hostIp } = this.#options;
    const [usage, listed, meminfo, loadavg, most, bootId] = await Promise.all([
      disk(),
      images.list().catch(() => undefined),
      read('/proc/meminfo'),
      read('/proc/loadavg'),
      read('/proc/sys/kernel/pid_max'),
      read('/proc/sys/kernel/random/boot_id'),
    ]);
    const available = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo ?? '')?.[1];
    const count = /\/(\d+)/.exec(loadavg ?? '')?.[1];
    return {
      hostIp: hostIp(),
      bootId: bootId?.trim(),
      disk: usage,
      images: listed,
      availableMemoryBytes: available === undefined ? undefined : Number(available) * 1024,
      processes: count === undefined || most === undefined ? undefined : { count: Number(count), most: Number(most) },
    };
  }
}

const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
