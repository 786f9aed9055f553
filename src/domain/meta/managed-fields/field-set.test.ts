import { expect, test } from 'vitest';
import { difference, intersection, isEmpty, noFields, outside, pathSet, union, type FieldSet } from './field-set.ts';
import { fieldPaths } from './fields-v1.ts';
import { fieldElement } from './path-element.ts';

/** `a a.b` → the set of both. */
const setOf = (paths: string): FieldSet =>
  paths
    .split(' ')
    .filter((path) => path !== '')
    .map((path) => pathSet(path.split('.').map(fieldElement)))
    .reduce(union, noFields);

const textOf = (set: FieldSet): string =>
  fieldPaths(set)
    .join(' ')
    .replaceAll(/(^| )\./g, '$1');

test.each([
  ['', 'a', 'a'],
  ['a', 'a', 'a'],
  ['a', 'a.b', 'a a.b'],
  ['a.b', 'a', 'a a.b'],
  ['a.b a.c', 'a.b.d x', 'x a.b a.c a.b.d'],
])('%j and %j together', (a, b, expected) => expect(textOf(union(setOf(a), setOf(b)))).toBe(expected));

test.each([
  ['a b', 'a', 'b'],
  ['a a.b', 'a', 'a.b'],
  ['a a.b', 'a.b', 'a'],
  ['a.b', 'a', 'a.b'],
  ['a.b.c a.b.d', 'a.b.c', 'a.b.d'],
  ['a.b', 'a.b', ''],
])('%j without %j', (a, b, expected) => expect(textOf(difference(setOf(a), setOf(b)))).toBe(expected));

test.each([
  ['a b', 'b c', 'b'],
  ['a a.b', 'a.b', 'a.b'],
  ['a.b', 'a', ''],
  ['a a.b', 'a a.c', 'a'],
])('%j that is in %j too', (a, b, expected) => expect(textOf(intersection(setOf(a), setOf(b)))).toBe(expected));

test.each([
  ['a a.b c', 'a', 'c'],
  ['a a.b a.c', 'a.b', 'a a.c'],
  ['a.b.c', 'a.b', ''],
  ['a', 'a.b', 'a'],
])('%j outside of %j', (a, b, expected) => expect(textOf(outside(setOf(a), setOf(b)))).toBe(expected));

test('a set that lost everything is empty', () => {
  expect(isEmpty(difference(setOf('a.b a.c x'), setOf('x a.b a.c')))).toBe(true);
});

test('sets are shared, not changed', () => {
  const a = Object.freeze(setOf('a.b'));
  expect(union(a, noFields)).toBe(a);
  expect(difference(a, setOf('x'))).toEqual(a);
});
