import { expect, test } from 'vitest';
import { applyJsonPatch } from './json-patch.ts';

test.each([
  ['add to an object', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  ['add replaces a member', { a: 1 }, [{ op: 'add', path: '/a', value: { b: 1 } }], { a: { b: 1 } }],
  ['add into a list', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
  ['add at the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
  ['add the whole document', { a: 1 }, [{ op: 'add', path: '', value: { b: 2 } }], { b: 2 }],
  ['add null', {}, [{ op: 'add', path: '/a', value: null }], { a: null }],
  ['remove a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
  ['remove an element', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
  ['replace an element', { a: [1, 2, 3] }, [{ op: 'replace', path: '/a/1', value: 9 }], { a: [1, 9, 3] }],
  ['move within a list', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
  [
    'copy is independent',
    { a: { x: 1 } },
    [
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'add', path: '/b/x', value: 2 },
    ],
    { a: { x: 1 }, b: { x: 2 } },
  ],
  [
    'test passes',
    { a: { b: [1] } },
    [
      { op: 'test', path: '/a', value: { b: [1] } },
      { op: 'remove', path: '/a/b' },
    ],
    { a: {} },
  ],
  ['test for absence', {}, [{ op: 'test', path: '/a', value: null }], {}],
  [
    'escaped keys',
    { 'a/b': 1, 'm~n': 2 },
    [
      { op: 'remove', path: '/a~1b' },
      { op: 'replace', path: '/m~0n', value: 3 },
    ],
    { 'm~n': 3 },
  ],
  ['an empty key', { '': 1 }, [{ op: 'replace', path: '/', value: 2 }], { '': 2 }],
])('%s', (_case, current, patch, object) => {
  const before = structuredClone(current);
  expect(applyJsonPatch(current, patch)).toEqual({ kind: 'patched', object });
  expect(current).toEqual(before);
});

test.each([
  ['a failed test', [{ op: 'test', path: '/a', value: 2 }], 'Invalid', 'testing value /a failed: test failed'],
  [
    'remove of nothing',
    [{ op: 'remove', path: '/x' }],
    'Invalid',
    'remove operation does not apply: doc is missing key: /x: missing value',
  ],
  [
    'replace of nothing',
    [{ op: 'replace', path: '/x', value: 1 }],
    'Invalid',
    'replace operation does not apply: doc is missing key: /x: missing value',
  ],
  [
    'add below nothing',
    [{ op: 'add', path: '/x/y', value: 1 }],
    'Invalid',
    'add operation does not apply: doc is missing path: /x/y: missing value',
  ],
  [
    'add below a scalar',
    [{ op: 'add', path: '/a/y', value: 1 }],
    'Invalid',
    'add operation does not apply: doc is missing path: /a/y: missing value',
  ],
  [
    'an index past the end',
    [{ op: 'add', path: '/l/4', value: 1 }],
    'Invalid',
    'add operation does not apply: 4 is no index of /l',
  ],
  [
    'an index with a leading zero',
    [{ op: 'remove', path: '/l/01' }],
    'Invalid',
    'remove operation does not apply: doc is missing key: /l/01: missing value',
  ],
  [
    'a property of the prototype',
    [{ op: 'test', path: '/toString', value: 1 }],
    'Invalid',
    'testing value /toString failed: test failed',
  ],
  ['move into itself', [{ op: 'move', from: '/o', path: '/o/p' }], 'Invalid', 'cannot move /o into itself'],
  ['an unknown operation', [{ op: 'spam', path: '/a' }], 'Invalid', 'Unexpected kind: "spam"'],
  ['no value', [{ op: 'add', path: '/a' }], 'Invalid', 'operation add has no value'],
  ['no path', [{ op: 'remove' }], 'Invalid', 'operation missing path field'],
  ['no pointer', [{ op: 'remove', path: 'a' }], 'BadRequest', 'invalid JSON pointer: "a"'],
  ['no list', { op: 'remove', path: '/a' }, 'BadRequest', 'a JSON patch must be a list of operations'],
  ['no object', ['remove'], 'BadRequest', 'an operation of a JSON patch must be an object'],
])('%s is refused', (_case, patch, code, message) => {
  expect(applyJsonPatch({ a: 1, l: [1, 2], o: {} }, patch)).toEqual({ kind: 'invalid', code, message });
});

test('all operations or none', () => {
  const current = { a: 1 };
  expect(
    applyJsonPatch(current, [
      { op: 'remove', path: '/a' },
      { op: 'remove', path: '/x' },
    ]).kind,
  ).toBe('invalid');
  expect(current).toEqual({ a: 1 });
});

test('more than 10000 operations are too many', () => {
  const operations = (count: number) => Array.from({ length: count }, () => ({ op: 'test', path: '/a', value: 1 }));
  expect(applyJsonPatch({ a: 1 }, operations(10_000)).kind).toBe('patched');
  expect(applyJsonPatch({ a: 1 }, operations(10_001))).toMatchObject({ code: 'RequestEntityTooLarge' });
});

test('copies of copies are bounded in size, and in depth', () => {
  const doubling = Array.from({ length: 64 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/${i}` }));
  expect(applyJsonPatch({ a: ['x'] }, doubling)).toMatchObject({ code: 'Invalid' });
  const deepening = Array.from({ length: 20 }, () => ({ op: 'copy', from: '', path: '/a' }));
  expect(applyJsonPatch({}, deepening)).toMatchObject({ kind: 'patched' });
  const nest = Array.from({ length: 600 }, (_, i) => ({ op: 'add', path: '/a'.repeat(i + 1), value: {} }));
  expect(applyJsonPatch({}, nest)).toEqual({ kind: 'invalid', code: 'Invalid', message: 'exceeded max depth' });
});

test('__proto__ is a key like any other', () => {
  const patch = [{ op: 'add', path: '/__proto__', value: { polluted: true } }];
  const result = applyJsonPatch({}, patch);
  expect(result.kind === 'patched' && JSON.stringify(result.object)).toBe('{"__proto__":{"polluted":true}}');
  expect(applyJsonPatch({}, [{ op: 'add', path: '/__proto__/polluted', value: true }]).kind).toBe('invalid');
  expect(applyJsonPatch({}, [{ op: 'add', path: '/constructor/prototype/polluted', value: true }]).kind).toBe(
    'invalid',
  );
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
