import { StatusError } from '../../meta/status-error.ts';

/** How long all webhooks together may hold a write up (kube-apiserver --request-timeout). */
const longestMs = 60_000;

/** Counts down from the first webhook of a write to its last. */
export class TimeBudget {
  readonly #end: number;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now(), totalMs = longestMs) {
    this.#now = now;
    this.#end = now() + totalMs;
  }

  /** Runs work with a signal that ends it after these seconds, or when the budget is used up. */
  async run<R>(seconds: number, work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), Math.min(seconds * 1000, this.#left()));
    try {
      return await work(stop.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws 504 when nothing is left for the next. */
  check(): void {
    if (this.#left() > 0) return;
    throw new StatusError(504, 'Timeout', 'Timeout: request did not complete within requested timeout', {});
  }

  #left(): number {
    return Math.max(0, this.#end - this.#now());
  }
}
