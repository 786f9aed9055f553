/** Gives each pod an address for its life. What is taken is known from the engine, so nothing is kept on disk. */
export class PodAddresses {
  readonly #byPod = new Map<string, string>();
  readonly #firstFree: (taken: ReadonlySet<string>) => string | undefined;

  /** `firstFree` answers an address of the pods' half of the range that is not in the set. */
  constructor(firstFree: (taken: ReadonlySet<string>) => string | undefined) {
    this.#firstFree = firstFree;
  }

  /** A pod that the engine already knows keeps what its containers were made with. */
  adopt(podUid: string, ip: string): void {
    this.#byPod.set(podUid, ip);
  }

  /** Undefined when the range is used up. */
  assign(podUid: string): string | undefined {
    const present = this.#byPod.get(podUid);
    if (present !== undefined) return present;
    const ip = this.#firstFree(new Set(this.#byPod.values()));
    if (ip !== undefined) this.#byPod.set(podUid, ip);
    return ip;
  }

  of(podUid: string): string | undefined {
    return this.#byPod.get(podUid);
  }

  release(podUid: string): void {
    this.#byPod.delete(podUid);
  }
}
