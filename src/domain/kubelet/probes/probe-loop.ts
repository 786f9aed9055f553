import type { ProbeResult } from './probe-result.ts';
import type { Probe } from './run-probe.ts';

export type ProbeLoopOptions = {
  probe: Probe;
  /** Until the first round, in milliseconds. */
  firstDelay: number;
  /** The first result decides alone: the container was running when k2d came. */
  knowsNothing: boolean;
  readonly check: () => Promise<ProbeResult>;
  /** Every result that is not a plain success. */
  readonly told: (result: ProbeResult) => void;
  /** Enough successes in a row; answers whether the loop goes on. */
  readonly passed: () => boolean;
  /** Enough failures in a row. The loop goes on when it has settled, unless it was stopped. */
  readonly failed: () => Promise<void>;
};

/** One probe of one run of a container: a timer, and how often it went well or badly (kubernetes pkg/kubelet/prober/worker.go). */
export class ProbeLoop {
  readonly #options: ProbeLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #successes = 0;
  #failures = 0;
  #decidesAlone: boolean;
  readonly #heard = Promise.withResolvers<void>();
  /** There has been a result. */
  isHeard = false;

  constructor(options: ProbeLoopOptions) {
    this.#options = options;
    this.#decidesAlone = options.knowsNothing;
    this.#again(options.firstDelay);
  }

  get heard(): Promise<void> {
    return this.#heard.promise;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#hear();
  }

  #hear(): void {
    this.isHeard = true;
    this.#heard.resolve();
  }

  #again(delay: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#round(), delay);
  }

  async #round(): Promise<void> {
    const { probe, check, told } = this.#options;
    const result = await check();
    if (this.#stopped) return;
    if (!result.ok || result.warning !== undefined) told(result);
    // A check that could not be made says nothing (worker.go doProbe).
    const goesOn = (!result.ok && result.unknown) || (await this.#count(result.ok));
    this.#hear();
    if (goesOn) this.#again((probe.periodSeconds ?? 10) * 1000);
  }

  async #count(ok: boolean): Promise<boolean> {
    const { probe, passed, failed } = this.#options;
    this.#successes = ok ? this.#successes + 1 : 0;
    this.#failures = ok ? 0 : this.#failures + 1;
    const alone = this.#decidesAlone;
    this.#decidesAlone = false;
    if (ok) return alone || this.#successes >= (probe.successThreshold ?? 1) ? passed() : true;
    if (alone || this.#failures >= (probe.failureThreshold ?? 3)) await failed();
    return true;
  }
}
