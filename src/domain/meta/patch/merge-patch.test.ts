import { expect, test } from 'vitest';
import { applyMergePatch } from './merge-patch.ts';

/** RFC 7386, appendix A, as far as Kubernetes allows it: the patch is an object. */
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [['a'], { a: 1 }, { a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j with %j is %j', (current, patch, object) => {
  const before = structuredClone(current);
  expect(applyMergePatch(current, patch)).toEqual({ kind: 'patched', object });
  expect(current).toEqual(before);
});

test.each([[[]], ['x'], [null], [1]])('%j is no merge patch', (patch) => {
  expect(applyMergePatch({ a: 1 }, patch)).toMatchObject({ kind: 'invalid', code: 'BadRequest' });
});

test('__proto__ is a key like any other', () => {
  const result = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  expect(result.kind === 'patched' && JSON.stringify(result.object)).toBe('{"__proto__":{"polluted":true}}');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
