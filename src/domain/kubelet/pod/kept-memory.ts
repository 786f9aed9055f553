import type { Logger } from '../../meta/logger.ts';
import type { PodMemory } from './pod-memory.ts';
import { readPodRecord, writePodRecord } from './pod-record.ts';

/** What of a pod's memory outlives k2d, in the pod's folder. */
export class KeptMemory {
  readonly #folder: string;
  readonly #memory: PodMemory;
  readonly #logger: Logger;
  #restored = false;

  constructor(folder: string, memory: PodMemory, logger: Logger) {
    this.#folder = folder;
    this.#memory = memory;
    this.#logger = logger;
  }

  /** What was kept of the pod when k2d ran before; once. */
  async restore(): Promise<void> {
    if (this.#restored) return;
    this.#memory.restore(await readPodRecord(this.#folder));
    this.#restored = true;
  }

  /** A disk that takes nothing stops no pod. */
  async keep(): Promise<void> {
    await writePodRecord(this.#folder, this.#memory.toRecord()).catch((error: unknown) =>
      this.#logger.warn({ folder: this.#folder, error }, 'cannot keep what is known of the pod'),
    );
  }
}
