import { areEqual, identityOf } from './equality.ts';
import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { compareValues } from './comparison.ts';
import { declare, type Declaration } from './function-table.ts';
import { keyText } from './map-value.ts';
import { durationOf, timestampOf } from './time-text.ts';
import { ListValue, Optional, Uint, type Duration, type MapValue, type Timestamp, type Value } from './value.ts';

const wholeNumber = (value: bigint): bigint => {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new EvaluationError('integer overflow');
  return value;
};

const unsigned = (value: bigint): Uint => {
  if (value < 0n || value >= 2n ** 64n) throw new EvaluationError('unsigned integer overflow');
  return new Uint(value);
};

type Arithmetic = (a: bigint, b: bigint) => bigint;

const nonZero = (sign: string, divisor: bigint): bigint => {
  if (divisor === 0n) throw new EvaluationError(sign === '%' ? 'modulus by zero' : 'division by zero');
  return divisor;
};

const onInts: readonly (readonly [sign: string, compute: Arithmetic])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / nonZero('/', b)],
  ['%', (a, b) => a % nonZero('%', b)],
];

const onDoubles: readonly (readonly [sign: string, compute: (a: number, b: number) => number])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
];

const arithmetic = (): readonly Declaration[] => [
  ...onInts.flatMap(([sign, compute]) => [
    declare(`_${sign}_(int, int): int`, (a: bigint, b: bigint) => wholeNumber(compute(a, b))),
    declare(`_${sign}_(uint, uint): uint`, (a: Uint, b: Uint) => unsigned(compute(a.value, b.value))),
  ]),
  ...onDoubles.map(([sign, compute]) => declare(`_${sign}_(double, double): double`, compute)),
  declare('-_(int): int', (a: bigint) => wholeNumber(-a)),
  declare('-_(double): double', (a: number) => -a),
  declare('!_(bool): bool', (a: boolean) => !a),
];

const times = (): readonly Declaration[] => [
  declare('_+_(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => timestampOf(a.nanos + b.nanos)),
  declare('_+_(duration, timestamp): timestamp', (a: Duration, b: Timestamp) => timestampOf(a.nanos + b.nanos)),
  declare('_+_(duration, duration): duration', (a: Duration, b: Duration) => durationOf(a.nanos + b.nanos)),
  declare('_-_(timestamp, timestamp): duration', (a: Timestamp, b: Timestamp) => durationOf(a.nanos - b.nanos)),
  declare('_-_(timestamp, duration): timestamp', (a: Timestamp, b: Duration) => timestampOf(a.nanos - b.nanos)),
  declare('_-_(duration, duration): duration', (a: Duration, b: Duration) => durationOf(a.nanos - b.nanos)),
];

/** The longest text that an expression may make; a tenth of it is paid for by the operands. */
const maxText = 10_000_000;

function joinedText(a: string, b: string): string {
  if (a.length + b.length > maxText) throw new EvaluationError('text too long');
  return a + b;
}

const joining = (): readonly Declaration[] => [
  declare('_+_(string, string): string', joinedText),
  declare('_+_(bytes, bytes): bytes', (a: Uint8Array, b: Uint8Array, budget: Budget) => {
    budget.spend((a.length + b.length) / 10);
    return new Uint8Array(Buffer.concat([a, b]));
  }),
  declare('_+_(list<A>, list<A>): list<A>', joinLists),
];

/** Sets and maps that are written as lists have no element twice: the second list's wins, in the first one's place. */
function joinLists(a: ListValue, b: ListValue, budget: Budget): ListValue {
  budget.spend(a.size + b.size);
  if (a.meaning.type === 'atomic') return ListValue.of([...a.elements(), ...b.elements()]);
  const joined = new Map<string, Value>();
  for (const element of [...a.elements(), ...b.elements()]) joined.set(identityOf(element, a, budget), element);
  return ListValue.of([...joined.values()], a.meaning);
}

const ordered = ['bool', 'string', 'bytes', 'timestamp', 'duration'];
const numbers = ['int', 'uint', 'double'];

const relations: readonly (readonly [sign: string, holds: (order: number) => boolean])[] = [
  ['<', (order) => order < 0],
  ['<=', (order) => order <= 0],
  ['>', (order) => order > 0],
  ['>=', (order) => order >= 0],
];

const comparisons = (): readonly Declaration[] =>
  relations.flatMap(([sign, holds]) => {
    const compare = (a: Value, b: Value): boolean => {
      const order = compareValues(a, b);
      return order !== undefined && holds(order);
    };
    return [
      ...ordered.map((type) => declare(`_${sign}_(${type}, ${type}): bool`, compare)),
      ...numbers.flatMap((a) => numbers.map((b) => declare(`_${sign}_(${a}, ${b}): bool`, compare))),
    ];
  });

function isIn(wanted: Value, list: ListValue, budget: Budget): boolean {
  for (let index = 0; index < list.size; index++) if (areEqual(wanted, list.at(index), budget)) return true;
  return false;
}

const elementAt = (list: ListValue, index: bigint | number): Value | undefined => {
  const place = Number(index);
  return Number.isInteger(place) && place >= 0 && place < list.size ? list.at(place) : undefined;
};

function existing(value: Value | undefined, text: string): Value {
  if (value === undefined) throw new EvaluationError(text);
  return value;
}

const optional = (value: Value | undefined): Optional => (value === undefined ? Optional.none : new Optional(value));

function atKey(map: MapValue, key: Value): Value {
  return existing(map.get(key), `no such key: ${keyText(key)?.slice(1) ?? ''}`);
}

const atIndex = (list: ListValue, index: bigint): Value =>
  existing(elementAt(list, index), `index out of bounds: ${index}`);

const within = (container: Value, key: Value): Value | undefined =>
  container instanceof ListValue ? elementAt(container, key as bigint) : (container as MapValue).get(key);

const indexing = (): readonly Declaration[] => [
  declare('@in(A, list<A>): bool', isIn),
  declare('@in(K, map<K, V>): bool', (key: Value, map: MapValue) => map.get(key) !== undefined),
  declare('_[_](list<A>, int): A', atIndex),
  declare('_[_](map<K, V>, K): V', atKey),
  declare('_[?_](list<A>, int): optional<A>', (list: ListValue, index: bigint) => optional(elementAt(list, index))),
  declare('_[?_](map<K, V>, K): optional<V>', (map: MapValue, key: Value) => optional(map.get(key))),
  ...['_[_]', '_[?_]'].flatMap((name) => [
    declare(`${name}(optional<list<A>>, int): optional<A>`, ({ value }: Optional, index: bigint) =>
      optional(value === undefined ? undefined : within(value, index)),
    ),
    declare(`${name}(optional<map<K, V>>, K): optional<V>`, ({ value }: Optional, key: Value) =>
      optional(value === undefined ? undefined : within(value, key)),
    ),
  ]),
];

/** The operators (cel-spec doc/langdef.md, List of Standard Definitions). */
export const operators = (): readonly Declaration[] => [
  declare('_==_(A, A): bool', areEqual),
  declare('_!=_(A, A): bool', (a: Value, b: Value, budget: Budget) => !areEqual(a, b, budget)),
  ...arithmetic(),
  ...times(),
  ...joining(),
  ...comparisons(),
  ...indexing(),
];
