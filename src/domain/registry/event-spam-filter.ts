import type { Clock } from '../meta/clock.ts';

/** client-go tools/record/events_cache.go: 25 at once, then one in five minutes, for each object. */
const burst = 25;
const refillMs = 300_000;
/** As many objects as client-go remembers at most would be 4096; a device has a few dozen. */
const rememberedObjects = 256;

/** Keeps an object that fails in a circle from filling the registry (client-go EventSourceObjectSpamFilter). */
export class EventSpamFilter {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes one token of the object; false when it has none left. */
  allows(object: string): boolean {
    const now = this.#clock.now().getTime();
    const { tokens, at } = this.#budgets.get(object) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, tokens + Math.max(0, now - at) / refillMs);
    this.#remember(object, { tokens: refilled >= 1 ? refilled - 1 : refilled, at: now });
    return refilled >= 1;
  }

  #remember(object: string, budget: { tokens: number; at: number }): void {
    this.#budgets.delete(object);
    this.#budgets.set(object, budget);
    if (this.#budgets.size > rememberedObjects) this.#budgets.delete(this.#budgets.keys().next().value!);
  }
}
