import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { isMap, ListValue, ObjectValue, Optional, Uint, type Value } from './value.ts';

function isZero(value: Value, budget: Budget): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof ListValue) return value.size === 0;
  if (isMap(value) || value instanceof ObjectValue) {
    const size = isMap(value) ? value.size : value.names().length;
    budget.spend(size);
    return size === 0;
  }
  return value instanceof Uint8Array && value.length === 0;
}

function valueOf({ value }: Optional): Value {
  if (value === undefined) throw new EvaluationError('optional.none() dereference');
  return value;
}

/** Values that may be missing (cel-go cel/library.go OptionalTypes). */
export const optionalsLibrary = (): readonly Declaration[] => [
  declare('optional.none(): optional<A>', () => Optional.none),
  declare('optional.of(A): optional<A>', (value: Value) => new Optional(value)),
  declare('optional.ofNonZeroValue(A): optional<A>', (value: Value, budget: Budget) =>
    isZero(value, budget) ? Optional.none : new Optional(value),
  ),
  declare('optional<A> -> hasValue(): bool', ({ value }: Optional) => value !== undefined),
  declare('optional<A> -> value(): A', valueOf),
  declare('optional<A> -> or(optional<A>): optional<A>', (one: Optional, other: Optional) =>
    one.value === undefined ? other : one,
  ),
  declare(
    'optional<A> -> orValue(A): A',
    ({ value }: Optional, other: Value) => value ?? (value === null ? null : other),
  ),
  declare('list<optional<A>> -> unwrapOpt(): list<A>', unwrap),
  declare('optional.unwrap(list<optional<A>>): list<A>', unwrap),
];

function unwrap(list: ListValue, budget: Budget): ListValue {
  budget.spend(list.size);
  return ListValue.of(
    list
      .elements()
      .flatMap((element) => (element instanceof Optional && element.value !== undefined ? [element.value] : [])),
  );
}
