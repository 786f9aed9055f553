/**
 * Hands out resource versions and publishes changes in their order, although their files are written side by side: a watcher
 * that has seen version 7 never hears of 6 afterwards.
 */
export class CommitSequence {
  #last: number;
  #published: number;
  #bound: number;
  #raising: Promise<void> | undefined;
  readonly #raise: (bound: number) => Promise<void>;
  readonly #queue: { version: number; settled?: () => void }[] = [];

  /** `bound` is what `raise` was last told to keep; no version up to it is ever handed out again. */
  constructor(bound: number, raise: (bound: number) => Promise<void>) {
    this.#last = bound;
    this.#published = bound;
    this.#bound = bound;
    this.#raise = raise;
  }

  /** Every change up to this version is visible, and none after it: what a list may claim, for a watch goes on from there. */
  get published(): number {
    return this.#published;
  }

  /** Runs `write` with a new version, then `publish` when every earlier version is published; a failed write publishes nothing. */
  async commit<R>(write: (version: number) => Promise<void>, publish: (version: number) => R): Promise<R> {
    while (this.#last >= this.#bound) await (this.#raising ??= this.#raiseBound());
    const version = ++this.#last;
    const ticket: { version: number; settled?: () => void } = { version };
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
    while (this.#queue[0]?.settled) {
      const { version: next, settled } = this.#queue.shift()!;
      this.#published = next;
      settled!();
    }
    return promise;
  }

  /** The bound is kept on disk and raised in steps, so that versions never go back and counting costs no writes. */
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
