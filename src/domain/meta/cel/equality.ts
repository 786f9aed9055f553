import type { Budget } from './budget.ts';
import { compareValues } from './comparison.ts';
import {
  Duration,
  isMap,
  ListValue,
  ObjectValue,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from './value.ts';

/** CEL's `==`: values of different types differ, but numbers are compared by what they are worth. */
export function areEqual(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(1);
  if (numeric(a) !== undefined && numeric(b) !== undefined) return compareValues(a, b) === 0;
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend(Math.min(a.length, b.length) / 10);
    return a === b;
  }
  if (a instanceof ListValue && b instanceof ListValue) return sameLists(a, b, budget);
  if (a instanceof ObjectValue && b instanceof ObjectValue) return sameObjects(a, b, budget);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (a instanceof Timestamp && b instanceof Timestamp) return a.nanos === b.nanos;
  if (a instanceof Duration && b instanceof Duration) return a.nanos === b.nanos;
  if (a instanceof Opaque && b instanceof Opaque) return a.typeName === b.typeName && a.identity === b.identity;
  if (a instanceof TypeValue && b instanceof TypeValue) return a.typeName === b.typeName;
  if (a instanceof Optional && b instanceof Optional)
    return a.value === undefined || b.value === undefined ? a.value === b.value : areEqual(a.value, b.value, budget);
  if (isMap(a) && isMap(b)) {
    const { size } = a;
    budget.spend(3 * size);
    if (size !== b.size) return false;
    return a.keys().every((key) => {
      const other = b.get(key);
      return other !== undefined && areEqual(a.get(key)!, other, budget);
    });
  }
  return a === b;
}

const numeric = (value: Value): bigint | number | undefined => {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof Uint ? value.value : undefined;
};

/** Sets and maps that are written as lists have no order (apiserver pkg/cel/common/values.go). */
function sameLists(a: ListValue, b: ListValue, budget: Budget): boolean {
  if (a.size !== b.size) return false;
  const inOrder = () => {
    for (let index = 0; index < a.size; index++) if (!areEqual(a.at(index), b.at(index), budget)) return false;
    return true;
  };
  if (a.meaning.type === 'atomic') return inOrder();
  budget.spend(a.size + b.size);
  const others = new Map(b.elements().map((element) => [identityOf(element, a, budget), element]));
  return a.elements().every((element) => {
    const other = others.get(identityOf(element, a, budget));
    return other !== undefined && areEqual(element, other, budget);
  });
}

/** What tells elements of such a list apart: all of it in a set, the keys in a map. */
export function identityOf(element: Value, { meaning }: ListValue, budget: Budget): string {
  if (meaning.type !== 'map') return valueText(element, budget);
  const field = (name: string): Value | undefined => {
    if (element instanceof ObjectValue) return element.byJsonName(name);
    return isMap(element) ? element.get(name) : undefined;
  };
  return JSON.stringify(meaning.keys.map((key) => valueText(field(key) ?? null, budget)));
}

function valueText(value: Value, budget: Budget): string {
  const text = describe(value, budget);
  budget.spend(1 + text.length / 10);
  return text;
}

function describe(value: Value, budget: Budget): string {
  if (value instanceof ObjectValue) return JSON.stringify(value.json);
  const number = numeric(value);
  if (number !== undefined) return `number ${number}`;
  if (value instanceof Timestamp || value instanceof Duration) return `time ${value.nanos}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`;
  if (value instanceof ListValue)
    return `list ${JSON.stringify(value.elements().map((element) => valueText(element, budget)))}`;
  if (isMap(value)) {
    const entries = value.keys().map((key) => [valueText(key, budget), valueText(value.get(key)!, budget)].join(': '));
    return `map ${JSON.stringify(entries.toSorted())}`;
  }
  return `${typeof value} ${JSON.stringify(value)}`;
}

function sameObjects(a: ObjectValue, b: ObjectValue, budget: Budget): boolean {
  const names = a.names();
  budget.spend(names.length);
  if (a.typeName !== b.typeName || names.length !== b.names().length) return false;
  return names.every((name) => {
    const [one, other] = [a.byJsonName(name), b.byJsonName(name)];
    return one !== undefined && other !== undefined && areEqual(one, other, budget);
  });
}
