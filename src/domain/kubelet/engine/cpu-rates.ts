/** For what nobody asked about lately. */
export const firstWindowMs = 1000;
/** A rate over less says little; who asks again sooner gets the same answer. */
const leastWindowMs = 5000;
/** What was read longer ago says nothing about now. */
const longestWindowMs = 120_000;

/** The mean of `windowMs`. */
export type CpuRate = { cpuNanoCores: number; windowMs: number };

export type CpuCount = { key: string; time: Date; cpuNanos: number };

type Reading = { at: number; cpuNanos: number; rate?: CpuRate };

/** CPU time is counted since a start, so a rate takes two readings: the first comes from whoever asked before, or a second ago. */
export class CpuRates {
  #readings = new Map<string, Reading>();

  rate(key: string): CpuRate | undefined {
    return this.#readings.get(key)?.rate;
  }

  /** Notes what has been read, and forgets what nobody asked about for long. */
  note(counts: readonly CpuCount[], isSecond = false): void {
    const now = Math.max(0, ...counts.map(({ time }) => time.getTime()));
    if (now > 0) this.#readings = new Map([...this.#readings].filter(([, { at }]) => at > now - longestWindowMs));
    const leastMs = isSecond ? firstWindowMs / 2 : leastWindowMs;
    for (const { key, time, cpuNanos } of counts) {
      this.#readings.set(key, nextReading(this.#readings.get(key), time.getTime(), cpuNanos, leastMs));
    }
  }
}

/** A count that went back is that of another run, and a clock that went back says nothing of how long it was. */
function nextReading(before: Reading | undefined, at: number, cpuNanos: number, leastMs: number): Reading {
  if (!before || cpuNanos < before.cpuNanos || at < before.at) return { at, cpuNanos };
  const windowMs = at - before.at;
  if (windowMs < leastMs) return before;
  return { at, cpuNanos, rate: { cpuNanoCores: ((cpuNanos - before.cpuNanos) * 1000) / windowMs, windowMs } };
}
