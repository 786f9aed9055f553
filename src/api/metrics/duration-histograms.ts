import type { Sample } from './exposition.ts';

/** Upper bounds in seconds: from what a device answers from memory to what an engine makes it wait for. */
const bounds = [0.005, 0.025, 0.1, 0.5, 1, 5, 30];

type Histogram = { counts: number[]; sum: number };

/** How long things took, by label set. */
export class DurationHistograms {
  readonly #series = new Map<string, Histogram>();

  get size(): number {
    return this.#series.size;
  }

  has(labels: string): boolean {
    return this.#series.has(labels);
  }

  observe(labels: string, seconds: number): void {
    const histogram = this.#series.get(labels) ?? { counts: [...bounds, Infinity].map(() => 0), sum: 0 };
    const bucket = bounds.findIndex((bound) => seconds <= bound);
    histogram.counts[bucket < 0 ? bounds.length : bucket]! += 1;
    histogram.sum += seconds;
    this.#series.set(labels, histogram);
  }

  *samples(): Generator<Sample> {
    for (const [labels, { counts, sum }] of this.#series) {
      let count = 0;
      for (const [index, inBucket] of counts.entries()) {
        count += inBucket;
        yield { suffix: '_bucket', labels: `${labels},le="${bounds[index] ?? '+Inf'}"`, value: count };
      }
      yield { suffix: '_sum', labels, value: sum };
      yield { suffix: '_count', labels, value: count };
    }
  }
}
