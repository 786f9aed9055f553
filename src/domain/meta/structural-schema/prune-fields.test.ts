import { describe, expect, it } from 'vitest';
import type { JsonSchema } from './json-schema.ts';
import { pruneFields } from './prune-fields.ts';

const text: JsonSchema = { type: 'string' };
const spec = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties } },
});

const cases: readonly [name: string, schema: JsonSchema, value: unknown, pruned: unknown, unknown: string[]][] = [
  ['what is named stays', spec({ a: text }), { spec: { a: 'x' } }, { spec: { a: 'x' } }, []],
  [
    'what is not named goes',
    spec({ a: text }),
    { spec: { a: 'x', b: { c: 1 } }, other: 1 },
    { spec: { a: 'x' } },
    ['unknown field "spec.b"', 'unknown field "other"'],
  ],
  [
    "apiVersion, kind and metadata of the object are not the schema's business",
    spec({}),
    { apiVersion: 'v1', kind: 'K', metadata: { name: 'n', labels: {} }, spec: {} },
    { apiVersion: 'v1', kind: 'K', metadata: { name: 'n', labels: {} }, spec: {} },
    [],
  ],
  [
    'of values inside they are',
    spec({ a: { type: 'object' } }),
    { spec: { a: { kind: 'K' } } },
    { spec: { a: {} } },
    ['unknown field "spec.a.kind"'],
  ],
  [
    'embedded resources have theirs',
    spec({ a: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { x: text } } }),
    { spec: { a: { kind: 'K', metadata: { name: 'n' }, x: 'x', y: 'y' } } },
    { spec: { a: { kind: 'K', metadata: { name: 'n' }, x: 'x' } } },
    ['unknown field "spec.a.y"'],
  ],
  [
    'elements of lists',
    spec({ l: { type: 'array', items: { type: 'object', properties: { a: text } } } }),
    { spec: { l: [{ a: '1' }, { a: '2', b: '3' }] } },
    { spec: { l: [{ a: '1' }, { a: '2' }] } },
    ['unknown field "spec.l[1].b"'],
  ],
  [
    'maps keep their keys',
    spec({ m: { type: 'object', additionalProperties: { type: 'object', properties: { a: text } } } }),
    { spec: { m: { k: { a: '1', b: '2' } } } },
    { spec: { m: { k: { a: '1' } } } },
    ['unknown field "spec.m.k.b"'],
  ],
  [
    'unknown fields are kept where the schema says so, and below it only what it does not name',
    spec({
      p: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { known: { type: 'object', properties: { a: text } } },
      },
    }),
    { spec: { p: { any: { deep: [1] }, known: { a: 'x', b: 'y' } } } },
    { spec: { p: { any: { deep: [1] }, known: { a: 'x' } } } },
    ['unknown field "spec.p.known.b"'],
  ],
  [
    'the root may keep everything',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    { any: { thing: 1 } },
    { any: { thing: 1 } },
    [],
  ],
  [
    'names that every JavaScript object has are ordinary',
    spec({ constructor: text }),
    JSON.parse('{"spec":{"constructor":"a","__proto__":{"x":1},"toString":"b"}}'),
    { spec: { constructor: 'a' } },
    ['unknown field "spec.__proto__"', 'unknown field "spec.toString"'],
  ],
];

describe('pruning', () => {
  it.each(cases)('%s', (_name, schema, value, pruned, unknown) => {
    expect(pruneFields(value, schema)).toEqual({ value: pruned, unknown });
  });

  it('shares what needs no change', () => {
    const object = { spec: { a: 'x' }, status: {} };
    const schema: JsonSchema = {
      type: 'object',
      properties: { spec: spec({}).properties!['spec']!, status: { type: 'object' } },
    };
    expect(pruneFields({ spec: {} }, schema).value).toEqual({ spec: {} });
    const known = spec({ a: text });
    expect(pruneFields({ spec: object.spec }, known).value).toEqual({ spec: object.spec });
    expect((pruneFields(object, known).value as typeof object).spec).toBe(object.spec);
  });

  it('reports a hundred fields at most', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
    expect(pruneFields(many, { type: 'object' }).unknown).toHaveLength(100);
  });
});
