import { describe, expect, it } from 'vitest';
import { fillDefaults } from './fill-defaults.ts';
import type { JsonSchema } from './json-schema.ts';

const withDefault = (value: unknown, rest: JsonSchema = {}): JsonSchema => ({ ...rest, default: value });
const object = (properties: Record<string, JsonSchema>): JsonSchema => ({ type: 'object', properties });

/** From the documentation of CustomResourceDefinitions, "Defaulting" and "Defaulting and Nullable". */
const cases: readonly [name: string, schema: JsonSchema, value: unknown, filled: unknown][] = [
  ['an absent field', object({ a: withDefault(1) }), {}, { a: 1 }],
  ['a field that is there stays', object({ a: withDefault(1) }), { a: 0 }, { a: 0 }],
  ['an absent parent gets no children', object({ p: object({ a: withDefault(1) }) }), {}, {}],
  [
    'unless it has a default itself',
    object({ p: { ...object({ a: withDefault(1) }), default: {} } }),
    {},
    { p: { a: 1 } },
  ],
  ['elements of lists', { type: 'array', items: object({ a: withDefault(1) }) }, [{}, { a: 2 }], [{ a: 1 }, { a: 2 }]],
  [
    'values of maps',
    { type: 'object', additionalProperties: object({ a: withDefault(1) }) },
    { k: {} },
    { k: { a: 1 } },
  ],
  ['null where it is not allowed and there is a default', object({ a: withDefault(1) }), { a: null }, { a: 1 }],
  ['null where it is not allowed and there is none', object({ a: { type: 'string' } }), { a: null }, {}],
  ['null where it is allowed', object({ a: withDefault(1, { nullable: true }) }), { a: null }, { a: null }],
  [
    'null in a list without default stays, for validation to refuse',
    { type: 'array', items: { type: 'string' } },
    [null],
    [null],
  ],
  ['unknown fields are left alone', object({}), { x: null }, { x: null }],
];

describe('defaults', () => {
  it.each(cases)('%s', (_name, schema, value, filled) => {
    expect(fillDefaults(value, schema)).toEqual(filled);
  });

  it('shares the value when nothing is missing, and the default with its schema', () => {
    const schema = object({ a: withDefault({ b: 1 }) });
    const whole = { a: { b: 2 } };
    expect(fillDefaults(whole, schema)).toBe(whole);
    expect((fillDefaults({}, schema) as typeof whole).a).toBe(schema.properties!['a']!.default);
  });
});
