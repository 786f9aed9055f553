const firstMs = 1_000;
const longestMs = 15 * 60_000;

type Entry = { waitMs: number; at: number };

/**
 * How long to wait before what has failed again is made again: 1 s, 2 s, 4 s … 15 min, and from the start after twice as long without a
 * failure (client-go util/flowcontrol/backoff.go, as kubernetes pkg/controller/daemon uses it). Whoever has gone must be forgotten.
 */
export class FailureBackoff {
  readonly #entries = new Map<string, Entry>();

  /** Milliseconds still to wait; 0 when it may be now. Times are in ms since 1970. */
  remaining(id: string, now: number): number {
    const entry = this.#entries.get(id);
    return entry ? Math.max(0, entry.at + entry.waitMs - now) : 0;
  }

  failed(id: string, now: number): void {
    const entry = this.#entries.get(id);
    const isOver = !entry || now - entry.at > 2 * longestMs;
    this.#entries.set(id, { waitMs: isOver ? firstMs : Math.min(2 * entry.waitMs, longestMs), at: now });
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }
}
