/** What setTimeout can count, about 24 days. */
const longestTimer = 2 ** 31 - 1;

/** The earliest of several moments to look again. No timer runs unless one was asked for. Times in milliseconds since 1970. */
export class WakeTimer {
  #at: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Look again then, at the latest. */
  by(time: number): void {
    this.#at = Math.min(time, this.#at ?? Infinity);
  }

  arm(now: number, wake: () => void): void {
    if (this.#at === undefined) return;
    const delay = Math.min(longestTimer, Math.max(0, this.#at - now) + 5);
    this.#timer = setTimeout(wake, delay);
  }

  /** Forgets every moment. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = undefined;
  }
}
