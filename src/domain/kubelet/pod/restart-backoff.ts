const firstDelay = 10_000;
const maxDelay = 300_000;
/** Further away is only what a clock said that was set back since. */
const farthest = 2 * maxDelay;
/** A run of this length is no crash any more (kubernetes pkg/kubelet/kubelet.go: twice the longest back-off). */
const healthyRun = 600_000;

type Record = { crashes: number; lastExit: number; until: number };

/**
 * When a container that ended may start again: the first time at once, then after 10 s, 20 s … 5 min
 * (kubernetes pkg/kubelet/kuberuntime doBackOff). Times in milliseconds since 1970.
 */
export class RestartBackoff {
  readonly #records = new Map<string, Record>();

  /** Notes one end of a run; telling the same one again changes nothing. */
  noteExit(container: string, finishedAt: number, ranFor: number): void {
    const before = this.#records.get(container);
    if (before?.lastExit === finishedAt) return;
    const crashes = before === undefined || ranFor >= healthyRun ? 1 : before.crashes + 1;
    const delay = crashes === 1 ? 0 : Math.min(maxDelay, firstDelay * 2 ** (crashes - 2));
    this.#records.set(container, { crashes, lastExit: finishedAt, until: finishedAt + delay });
  }

  /** Undefined: at once. */
  heldUntil(container: string, now: number): number | undefined {
    const until = this.#records.get(container)?.until ?? 0;
    return until > now && until - now <= farthest ? until : undefined;
  }

  /** Seconds between runs, for the message; 0 when there is none. */
  delaySeconds(container: string): number {
    const record = this.#records.get(container);
    return record === undefined ? 0 : Math.round((record.until - record.lastExit) / 1000);
  }

  forget(container: string): void {
    this.#records.delete(container);
  }
}
