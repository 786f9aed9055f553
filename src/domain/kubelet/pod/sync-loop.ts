import { WakeTimer } from './wake-timer.ts';

export type SyncLoopOptions = {
  /** Looks at everything again; answers true when there is nothing left to look at. */
  sync: () => Promise<boolean>;
  failed: (error: unknown) => void;
  /** Called once, when `sync` has answered true. */
  ended: () => void;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** One run at a time: what wakes it meanwhile makes it run again. A run that fails is tried again after 1 s, 2 s … 1 min. */
export class SyncLoop {
  readonly #options: SyncLoopOptions;
  readonly #timer = new WakeTimer();
  readonly #firstRun = Promise.withResolvers<void>();
  #state: 'idle' | 'running' | 'runningDirty' | 'ended' = 'idle';
  #failures = 0;

  constructor(options: SyncLoopOptions) {
    this.#options = options;
  }

  /** Resolves when it has run once. */
  get settled(): Promise<void> {
    return this.#firstRun.promise;
  }

  wake(): void {
    if (this.#state === 'running') this.#state = 'runningDirty';
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    this.#timer.clear();
    void this.#run();
  }

  /** Runs again then, at the latest; in milliseconds since 1970. */
  wakeBy(time: number): void {
    this.#timer.by(time);
  }

  stop(): void {
    this.#state = 'ended';
    this.#timer.clear();
  }

  async #run(): Promise<void> {
    const finished = await this.#attempt();
    this.#firstRun.resolve();
    if (this.#state === 'ended') return;
    if (finished) {
      this.stop();
      this.#options.ended();
      return;
    }
    const dirty = this.#state === 'runningDirty';
    this.#state = 'idle';
    if (dirty) this.wake();
    else this.#timer.arm(this.#options.now(), () => this.wake());
  }

  async #attempt(): Promise<boolean> {
    try {
      const finished = await this.#options.sync();
      this.#failures = 0;
      return finished;
    } catch (error) {
      this.#options.failed(error);
      this.#timer.by(this.#options.now() + Math.min(60_000, 1000 * 2 ** this.#failures++));
      return false;
    }
  }
}
