import type { JsonPathStep, Operand, Operator } from './json-path-step.ts';

/** As many values as a path may go through; `..` in a big object meets them all. */
const maxValues = 10_000;

/** What stands at the path, in the order of the value. What is not there is left out. */
export const findValues = (steps: readonly JsonPathStep[], value: unknown): readonly unknown[] =>
  steps.reduce<readonly unknown[]>(
    (found, step) => found.flatMap((one) => take(step, one)).slice(0, maxValues),
    [value],
  );

function take(step: JsonPathStep, value: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'members':
      return step.keys.flatMap((key) => member(value, key));
    case 'all':
      return childrenOf(value);
    case 'slice':
      return Array.isArray(value)
        ? value.slice(step.from, step.to).filter((_element, index) => index % step.step === 0)
        : [];
    case 'descendants':
      return descendants(value);
    case 'filter':
      return childrenOf(value).filter((element) =>
        compare[step.operator](operand(step.left, element), operand(step.right, element)),
      );
  }
}

function member(value: unknown, key: string | number): unknown[] {
  if (Array.isArray(value)) {
    const element: unknown = typeof key === 'number' ? value.at(key) : undefined;
    return element === undefined ? [] : [element];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return [(value as Record<string | number, unknown>)[key]];
}

const childrenOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

function descendants(value: unknown): unknown[] {
  const found = [value];
  for (let at = 0; at < found.length && found.length < maxValues; at++) {
    for (const child of childrenOf(found[at])) found.push(child);
  }
  return found;
}

const operand = (one: Operand, element: unknown): unknown =>
  one.kind === 'literal' ? one.value : findValues(one.steps, element)[0];

type Ordered = string | number;
const comparable = (a: unknown, b: unknown): boolean =>
  typeof a === typeof b && (typeof a === 'string' || typeof a === 'number');

const compare: Readonly<Record<Operator, (left: unknown, right: unknown) => boolean>> = {
  exists: (left) => left !== undefined,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => comparable(left, right) && (left as Ordered) < (right as Ordered),
  '<=': (left, right) => comparable(left, right) && (left as Ordered) <= (right as Ordered),
  '>': (left, right) => comparable(left, right) && (left as Ordered) > (right as Ordered),
  '>=': (left, right) => comparable(left, right) && (left as Ordered) >= (right as Ordered),
};
