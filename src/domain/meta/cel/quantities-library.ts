import { parseQuantity, type Quantity } from '../quantity.ts';
import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { Opaque } from './value.ts';

type Amount = Opaque<Quantity>;

const nanoOfOne = 10n ** 9n;

const amountOf = (quantity: Quantity): Amount => new Opaque('kubernetes.Quantity', quantity, String(quantity.nano));

function toQuantity(text: string): Amount {
  const quantity = parseQuantity(text);
  if (!quantity)
    throw new EvaluationError(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  return amountOf(quantity);
}

const order = (a: Amount, b: Amount): number =>
  a.content.nano < b.content.nano ? -1 : a.content.nano > b.content.nano ? 1 : 0;

const isInteger = ({ content }: Amount): boolean =>
  content.nano % nanoOfOne === 0n && BigInt.asIntN(64, content.nano / nanoOfOne) === content.nano / nanoOfOne;

function asInteger(amount: Amount): bigint {
  if (!isInteger(amount)) throw new EvaluationError('cannot convert value to integer');
  return amount.content.nano / nanoOfOne;
}

const plus = (a: Amount, nano: bigint): Amount => amountOf({ nano: a.content.nano + nano, format: a.content.format });

/** apiserver pkg/cel/library/quantity.go */
export const quantitiesLibrary = (): readonly Declaration[] => [
  declare('quantity(string): kubernetes.Quantity', toQuantity),
  declare('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined),
  declare('kubernetes.Quantity -> sign(): int', ({ content: { nano } }: Amount) =>
    nano > 0n ? 1n : nano < 0n ? -1n : 0n,
  ),
  declare('kubernetes.Quantity -> isInteger(): bool', isInteger),
  declare('kubernetes.Quantity -> asInteger(): int', asInteger),
  declare('kubernetes.Quantity -> asApproximateFloat(): double', ({ content }: Amount) => Number(content.nano) / 1e9),
  declare('kubernetes.Quantity -> isGreaterThan(kubernetes.Quantity): bool', (a: Amount, b: Amount) => order(a, b) > 0),
  declare('kubernetes.Quantity -> isLessThan(kubernetes.Quantity): bool', (a: Amount, b: Amount) => order(a, b) < 0),
  declare('kubernetes.Quantity -> compareTo(kubernetes.Quantity): int', (a: Amount, b: Amount) => BigInt(order(a, b))),
  declare('kubernetes.Quantity -> add(kubernetes.Quantity): kubernetes.Quantity', (a: Amount, b: Amount) =>
    plus(a, b.content.nano),
  ),
  declare('kubernetes.Quantity -> add(int): kubernetes.Quantity', (a: Amount, b: bigint) => plus(a, b * nanoOfOne)),
  declare('kubernetes.Quantity -> sub(kubernetes.Quantity): kubernetes.Quantity', (a: Amount, b: Amount) =>
    plus(a, -b.content.nano),
  ),
  declare('kubernetes.Quantity -> sub(int): kubernetes.Quantity', (a: Amount, b: bigint) => plus(a, -b * nanoOfOne)),
];
