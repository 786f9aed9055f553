import { formatQuantity, parseQuantity, type Quantity } from './quantity.ts';
import type { ResourceList } from './types.ts';

// Arithmetic on amounts by name (apiserver pkg/quota/v1/resources.go). A text that is no quantity counts as nothing: validation refuses it.

const zero: Quantity = { nano: 0n, format: 'DecimalSI' };

/** Undefined when the list does not name it. */
export const amountText = (list: ResourceList | undefined, name: string): string | undefined =>
  list && Object.hasOwn(list, name) ? list[name] : undefined;

export const amountOf = (list: ResourceList | undefined, name: string): Quantity =>
  parseQuantity(amountText(list, name) ?? '0') ?? zero;

const namesOf = (lists: readonly (ResourceList | undefined)[]): string[] => [
  ...new Set(lists.flatMap((list) => Object.keys(list ?? {}))),
];

const combined = (
  lists: readonly (ResourceList | undefined)[],
  combine: (a: Quantity, b: Quantity) => Quantity,
): ResourceList =>
  Object.fromEntries(
    namesOf(lists).map((name) => [name, formatQuantity(lists.map((list) => amountOf(list, name)).reduce(combine))]),
  );

/** A sum is written as its first part that is not nothing. */
const add = (a: Quantity, b: Quantity): Quantity => ({
  nano: a.nano + b.nano,
  format: a.nano === 0n ? b.format : a.format,
});

export const sumOf = (lists: readonly (ResourceList | undefined)[]): ResourceList => combined(lists, add);

/** Of every name the largest amount. */
export const largestOf = (lists: readonly (ResourceList | undefined)[]): ResourceList =>
  combined(lists, (a, b) => (b.nano > a.nano ? b : a));

/** What `a` has more of than `b`, by how much. */
export const excessOf = (a: ResourceList, b: ResourceList): ResourceList => {
  const excess = combined([a, b], (x, y) => ({ nano: x.nano - y.nano, format: x.format }));
  return only(excess, (name) => amountOf(excess, name).nano > 0n);
};

/** The amounts whose names the predicate accepts. */
export const only = (list: ResourceList | undefined, accepts: (name: string) => boolean): ResourceList =>
  Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => accepts(name)));
