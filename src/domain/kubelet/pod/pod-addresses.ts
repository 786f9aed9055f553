/** Gives each pod an address for its life. What is taken is known from the engine, so nothing is kept on disk. */
export class PodAddresses {
  readonly #byPod = new Map<string, string>();
  /** Somebody else has them, or the engine has lost sight of who does. */
  readonly #givenUp = new Set<string>();
  readonly #firstFree: (taken: ReadonlySet<string>) => string | undefined;

  /** `firstFree` answers an address of the pods' half of the range that is not in the set. */
  constructor(firstFree: (taken: ReadonlySet<string>) => string | undefined) {
    this.#firstFree = firstFree;
  }

  /** A pod that the engine already knows keeps what its containers were made with. */
  adopt(podUid: string, ip: string): void {
    if (!this.#givenUp.has(ip)) this.#byPod.set(podUid, ip);
  }

  /** Undefined when the range is used up. */
  assign(podUid: string): string | undefined {
    const present = this.#byPod.get(podUid);
    if (present !== undefined) return present;
    const taken = [...this.#byPod.values()];
    let ip = this.#firstFree(new Set([...taken, ...this.#givenUp]));
    if (ip === undefined && this.#givenUp.size > 0) {
      this.#givenUp.clear();
      ip = this.#firstFree(new Set(taken));
    }
    if (ip !== undefined) this.#byPod.set(podUid, ip);
    return ip;
  }

  /** The engine refuses the pod's address: it gets another, and nobody this one as long as there are others. */
  giveUp(podUid: string): void {
    const ip = this.#byPod.get(podUid);
    if (ip !== undefined) this.#givenUp.add(ip);
    this.#byPod.delete(podUid);
  }

  of(podUid: string): string | undefined {
    return this.#byPod.get(podUid);
  }

  release(podUid: string): void {
    this.#byPod.delete(podUid);
  }
}
