const firstMs = 1_000;
const longestMs = 15 * 60_000;

type Entry = { waitMs: number; at: number };

/**
 * How long to wait before what has failed again is made again: 1 s, 2 s, 4 s … 15 min, and from the start after twice as long without a
 * failure (client-go util/flowcontrol/backoff.go, as kubernetes pkg/controller/daemon uses it). Whoever has gone must be forgotten.
 */
export class FailureBackoff {
  readonly #entries = new Map<string, Entry>();

  /** Milliseconds still to wait; 0 when it may be now, which counts as the next failure. `now` is in ms since 1970. */
  pause(id: string, now: number): number {
    const entry = this.#entries.get(id);
    // The clock was set back since.
    if (entry && entry.at > now) entry.at = now;
    const left = entry ? Math.max(0, entry.at + entry.waitMs - now) : 0;
    if (left > 0) return left;
    const isOver = !entry || now - entry.at > 2 * longestMs;
    this.#entries.set(id, { waitMs: isOver ? firstMs : Math.min(2 * entry.waitMs, longestMs), at: now });
    return 0;
  }

  forget(id: string): void {
    this.#entries.delete(id);
  }
}
