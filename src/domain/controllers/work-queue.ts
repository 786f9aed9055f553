import { isConflict } from '../meta/status-error.ts';

export type WorkQueueOptions = {
  /** Does what the key stands for and says after how many milliseconds to look again, if at all. */
  work(key: string): Promise<Requeue | void>;
  /** Hears of every failure; the queue tries again by itself. */
  failed(key: string, error: unknown, retryMs: number): void;
  concurrency: number;
  signal: AbortSignal;
};

export type Requeue = { afterMs: number };

/** client-go util/workqueue/default_rate_limiters.go starts at 5 ms too, but goes to 1000 s: too long for a person who mended the cause. */
const firstRetryMs = 5;
const maxRetryMs = 300_000;
/** Somebody else was faster: reading again is all it takes. */
const maxConflictRetryMs = 1_000;
/** Beyond this setTimeout fires at once. */
const maxTimeoutMs = 2_147_483_647;

/**
 * Keys to look at (client-go util/workqueue): a key that waits is there once; one that comes back while it is worked on runs again
 * afterwards, never beside itself; one that failed comes back later and later. Costs nothing while nothing is queued.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #ready = new Set<string>();
  readonly #active = new Set<string>();
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #later = new Map<string, { timer: NodeJS.Timeout; due: number }>();
  readonly #ended = Promise.withResolvers<void>();
  #scheduled = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    if (options.signal.aborted) this.#stop();
    else options.signal.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** Resolves when the signal has fired and the last work under way has ended. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  add(key: string): void {
    if (this.#options.signal.aborted) return;
    if (this.#active.has(key)) this.#again.add(key);
    else this.#ready.add(key);
    this.#schedule();
  }

  /** The earliest of several moments counts, and work that starts before it makes it void: work asks anew for what it needs. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#options.signal.aborted) return;
    const wait = Math.min(Math.max(0, milliseconds), maxTimeoutMs);
    const due = performance.now() + wait;
    const waiting = this.#later.get(key);
    if (waiting && waiting.due <= due) return;
    clearTimeout(waiting?.timer);
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.add(key);
    }, wait);
    this.#later.set(key, { timer, due });
  }

  /** Starts no sooner than the current turn of the event loop ends, so that a burst of changes is one piece of work. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const key of this.#ready) {
        if (this.#active.size >= this.#options.concurrency) return;
        this.#ready.delete(key);
        void this.#run(key);
      }
    });
  }

  async #run(key: string): Promise<void> {
    this.#active.add(key);
    clearTimeout(this.#later.get(key)?.timer);
    this.#later.delete(key);
    try {
      const requeue = await this.#options.work(key);
      this.#failures.delete(key);
      if (requeue) this.addAfter(key, requeue.afterMs);
    } catch (error) {
      this.#retry(key, error);
    }
    this.#active.delete(key);
    if (this.#options.signal.aborted) return this.#endWhenIdle();
    if (this.#again.delete(key)) this.#ready.add(key);
    if (this.#ready.size > 0) this.#schedule();
  }

  #retry(key: string, error: unknown): void {
    const failures = this.#failures.get(key) ?? 0;
    const longest = isConflict(error) ? maxConflictRetryMs : maxRetryMs;
    const retryMs = Math.min(firstRetryMs * 2 ** failures, longest);
    this.#failures.set(key, failures + 1);
    this.#options.failed(key, error, retryMs);
    this.addAfter(key, retryMs);
  }

  #stop(): void {
    for (const { timer } of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
    this.#ready.clear();
    this.#again.clear();
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#active.size === 0) this.#ended.resolve();
  }
}
