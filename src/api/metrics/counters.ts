import type { Sample } from './exposition.ts';

/** How often things happened, by label set. */
export class Counters {
  readonly #series = new Map<string, number>();

  get size(): number {
    return this.#series.size;
  }

  has(labels: string): boolean {
    return this.#series.has(labels);
  }

  /** One more; or one less, as long as there is one: a label set that stands at none again is forgotten. */
  add(labels: string, step: 1 | -1 = 1): void {
    const count = (this.#series.get(labels) ?? 0) + step;
    if (count > 0) this.#series.set(labels, count);
    else this.#series.delete(labels);
  }

  *samples(): Generator<Sample> {
    for (const [labels, value] of this.#series) yield { labels, value };
  }
}
