import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { compareValues } from './comparison.ts';
import { areEqual } from './equality.ts';
import { declare, type Declaration } from './function-table.ts';
import { durationOf } from './time-text.ts';
import { Duration, Uint, type ListValue, type Value } from './value.ts';

const comparable = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'timestamp', 'duration'];

function order(a: Value, b: Value): number {
  const result = compareValues(a, b);
  if (result === undefined) throw new EvaluationError('no such overload');
  return result;
}

function isSorted(list: ListValue, budget: Budget): boolean {
  budget.spend(list.size);
  for (let index = 1; index < list.size; index++) if (order(list.at(index - 1), list.at(index)) > 0) return false;
  return true;
}

const extreme =
  (name: string, sign: number) =>
  (list: ListValue, budget: Budget): Value => {
    budget.spend(list.size);
    if (list.size === 0) throw new EvaluationError(`${name} called on empty list`);
    return list.elements().reduce((best, element) => (order(element, best) * sign > 0 ? element : best));
  };

const zeros: Readonly<Record<string, Value>> = { int: 0n, uint: new Uint(0n), double: 0, duration: new Duration(0n) };

function added(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a instanceof Duration && b instanceof Duration) return durationOf(a.nanos + b.nanos);
  const [isInt, isUint] = [typeof a === 'bigint', a instanceof Uint];
  const sum = (isInt ? (a as bigint) : isUint ? (a as Uint).value : 0n) + (b instanceof Uint ? b.value : (b as bigint));
  if (isInt && typeof b === 'bigint' && sum < 2n ** 63n && sum >= -(2n ** 63n)) return sum;
  if (isUint && b instanceof Uint && sum < 2n ** 64n) return new Uint(sum);
  throw new EvaluationError('integer overflow');
}

function sum(list: ListValue, zero: Value, budget: Budget): Value {
  budget.spend(list.size);
  // Of a list whose type is known only now, the first element says what is added.
  return list.size === 0 ? zero : list.elements().reduce(added);
}

function indexOf(list: ListValue, wanted: Value, budget: Budget): bigint {
  for (let index = 0; index < list.size; index++) if (areEqual(list.at(index), wanted, budget)) return BigInt(index);
  return -1n;
}

function lastIndexOf(list: ListValue, wanted: Value, budget: Budget): bigint {
  for (let index = list.size - 1; index >= 0; index--)
    if (areEqual(list.at(index), wanted, budget)) return BigInt(index);
  return -1n;
}

const hasAll = (list: ListValue, wanted: ListValue, budget: Budget): boolean =>
  wanted.elements().every((element) => indexOf(list, element, budget) >= 0n);

/** Lists in Kubernetes (apiserver pkg/cel/library/lists.go) and ext.Sets (cel-go ext/sets.go). */
export const listsLibrary = (): readonly Declaration[] => [
  ...comparable.flatMap((type) => [
    declare(`list<${type}> -> isSorted(): bool`, isSorted),
    declare(`list<${type}> -> min(): ${type}`, extreme('min', -1)),
    declare(`list<${type}> -> max(): ${type}`, extreme('max', 1)),
  ]),
  ...Object.entries(zeros).map(([type, zero]) =>
    declare(`list<${type}> -> sum(): ${type}`, (list: ListValue, budget: Budget) => sum(list, zero, budget)),
  ),
  declare('list<A> -> indexOf(A): int', indexOf),
  declare('list<A> -> lastIndexOf(A): int', lastIndexOf),
  declare('sets.contains(list<A>, list<A>): bool', hasAll),
  declare(
    'sets.equivalent(list<A>, list<A>): bool',
    (a: ListValue, b: ListValue, budget: Budget) => hasAll(a, b, budget) && hasAll(b, a, budget),
  ),
  declare('sets.intersects(list<A>, list<A>): bool', (a: ListValue, b: ListValue, budget: Budget) =>
    a.elements().some((element) => indexOf(b, element, budget) >= 0n),
  ),
];
