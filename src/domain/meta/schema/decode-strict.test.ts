import { expect, test } from 'vitest';
import { decodeStrict } from './decode-strict.ts';

const decoded = (object: unknown, duplicate?: string, key = '', line = 1) => ({
  kind: 'decoded',
  object,
  duplicates: duplicate === undefined ? [] : [duplicate],
  ...(duplicate === undefined ? {} : { duplicateKeys: [{ key, line }] }),
});

test.each([
  ['no duplicates', '{"a":1,"b":{"a":1}}', decoded({ a: 1, b: { a: 1 } })],
  ['the last value counts', '{"a":1,"a":2}', decoded({ a: 2 }, 'duplicate field "a"', 'a')],
  [
    'a nested field',
    '{"spec":{\n"replicas":1,"x":[1,2],\n"replicas":2}}',
    decoded({ spec: { replicas: 2, x: [1, 2] } }, 'duplicate field "spec.replicas"', 'replicas', 3),
  ],
  [
    'a field in a list',
    '{"a":[{"b":1},{"b":1,"b":2}]}',
    decoded({ a: [{ b: 1 }, { b: 2 }] }, 'duplicate field "a[1].b"', 'b'),
  ],
  ['three times is one report', '{"a":1,"a":2,"a":3}', decoded({ a: 3 }, 'duplicate field "a"', 'a')],
  [
    'an escaped spelling of the same key',
    String.raw`{"a":1,"\u0061":2}`,
    decoded({ a: 2 }, 'duplicate field "a"', 'a'),
  ],
  [
    'brackets, commas and quotes inside strings',
    String.raw`{"a":"{\"a\":1,","b":"]\\"}`,
    decoded({ a: '{"a":1,', b: ']\\' }),
  ],
  ['values that equal keys', '{"a":"b","b":"a"}', decoded({ a: 'b', b: 'a' })],
])('%s', (_case, text, expected) => {
  expect(decodeStrict(text)).toEqual(expected);
});

test('__proto__ becomes a plain property', () => {
  const result = decodeStrict('{"data":{"__proto__":{"polluted":true}}}');
  expect(result.kind === 'decoded' && Object.keys((result.object as { data: object }).data)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each([
  ['', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['{"a":"b', 'unexpected end of JSON input'],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a":x}', "invalid character 'x' looking for beginning of value"],
  ['{"a":"\n"}', String.raw`invalid character '\n' in string literal`],
  [String.raw`{"a":"\q"}`, "invalid character 'q' in string escape code"],
  ['{"a":1}}', "invalid character '}' after top-level value"],
  ['{"a":-}', "invalid character '}' in numeric literal"],
  ["{'a':1}", String.raw`invalid character '\'' looking for beginning of object key string`],
])("%j is refused in Go's words", (text, message) => {
  expect(decodeStrict(text)).toEqual({ kind: 'invalid', message });
});

test('nesting is bounded, on both sides of the bound', () => {
  expect(decodeStrict(`${'['.repeat(500)}${']'.repeat(500)}`).kind).toBe('decoded');
  expect(decodeStrict('[{"a":'.repeat(300_000))).toEqual({ kind: 'invalid', message: 'exceeded max depth' });
});

test('a message holds nothing of the body but one character', () => {
  const result = decodeStrict('{"password":"s3cret" "x":1}');
  expect(result.kind === 'invalid' && result.message).not.toContain('s3cret');
});

test('reports are bounded', () => {
  const text = `{${Array.from({ length: 500 }, (_, i) => `"k${i}":1,"k${i}":2`).join(',')}}`;
  const result = decodeStrict(text);
  expect(result.kind === 'decoded' && result.duplicates.length).toBe(100);
});
