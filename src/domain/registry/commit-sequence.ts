/**
 * Hands out resource versions and publishes changes in their order, although their files are written side by side: a watcher
 * that has seen version 7 never hears of 6 afterwards.
 */
export class CommitSequence {
  #last: number;
  #bound: number;
  #raising: Promise<void> | undefined;
  readonly #raise: (bound: number) => Promise<void>;
  readonly #queue: { settled?: () => void }[] = [];

  /** `bound` is what `raise` was last told to keep; no version up to it is ever handed out again. */
  constructor(bound: number, raise: (bound: number) => Promise<void>) {
    this.#last = bound;
    this.#bound = bound;
    this.#raise = raise;
  }

  /** The newest version that was handed out. */
  get last(): number {
    return this.#last;
  }

  /** Runs `write` with a new version, then `publish` when every earlier version is published; a failed write publishes nothing. */
  async commit<R>(write: (version: number) => Promise<void>, publish: (version: number) => R): Promise<R> {
    const version = await this.#reserve();
    const ticket: { settled?: () => void } = {};
    this.#queue.push(ticket);
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    try {
      await write(version);
      ticket.settled = () => {
        try {
          resolve(publish(version));
        } catch (error) {
          reject(error as Error);
        }
      };
    } catch (error) {
      ticket.settled = () => reject(error as Error);
    }
    while (this.#queue[0]?.settled) this.#queue.shift()!.settled!();
    return promise;
  }

  /** The bound is kept on disk and raised in steps, so that versions never go back and counting costs no writes. */
  async #reserve(): Promise<number> {
    while (this.#last >= this.#bound) {
      this.#raising ??= this.#raiseBound();
      await this.#raising;
    }
    return ++this.#last;
  }

  async #raiseBound(): Promise<void> {
    const step = 100_000;
    try {
      await this.#raise(this.#bound + step);
      this.#bound += step;
    } finally {
      this.#raising = undefined;
    }
  }
}
