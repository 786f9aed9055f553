import type { KubernetesObject } from '../meta/types.ts';
import { tooOldResourceVersion } from '../meta/status-error.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';

/**
 * The last changes of one resource. Every watcher is a place in this one list, not a queue of its own, so that a slow client
 * costs no memory: when the list has moved on without it, it gets 410 Expired and lists again.
 */
export class WatchCache {
  readonly #capacity: number;
  #events: ChangeEvent[] = [];
  /** The version of the newest change that is no longer in the list. */
  #floor: number;
  readonly #wakers = new Set<() => void>();

  constructor(capacity: number, floor: number) {
    this.#capacity = capacity;
    this.#floor = floor;
  }

  append(event: ChangeEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#capacity) this.#floor = this.#events.shift()!.resourceVersion;
    for (const wake of this.#wakers) wake();
  }

  /** The changes after `version` that there are now; throws 410 when the list does not reach back so far. */
  after<T extends KubernetesObject>(version: number): ChangeEvent<T>[] {
    if (version < this.#floor) throw tooOldResourceVersion(version, this.#floor);
    return this.#events.slice(this.#firstAfter(version)) as ChangeEvent<T>[];
  }

  /** Changes after `version`, as they come, until the signal; throws 410 when the list does not reach back so far. */
  async *since<T extends KubernetesObject>(version: number, signal: AbortSignal): AsyncGenerator<ChangeEvent<T>> {
    let seen = version;
    while (!signal.aborted) {
      if (seen < this.#floor) throw tooOldResourceVersion(seen, this.#floor);
      const next = this.#events[this.#firstAfter(seen)];
      if (next) {
        seen = next.resourceVersion;
        yield next as ChangeEvent<T>;
      } else {
        await this.#nextChange(signal);
      }
    }
  }

  #firstAfter(version: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.resourceVersion > version) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
