import { CostError } from './cel-error.ts';

/**
 * What one evaluation, or all about one object, may cost: a step costs 1, a text a tenth of its length, as in Kubernetes
 * (apiserver pkg/apis/cel/config.go). Time and memory of an evaluation both follow from it.
 */
export class Budget {
  #left: number;
  readonly #whole: Budget | undefined;

  constructor(units: number, whole?: Budget) {
    this.#left = units;
    this.#whole = whole;
  }

  spend(units: number): void {
    this.#left -= units;
    this.#whole?.spend(units);
    if (this.#left < 0) throw new CostError('operation cancelled: actual cost limit exceeded');
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
