import { describe, expect, it } from 'vitest';
import type { JsonSchema } from './json-schema.ts';
import { validateListTypes } from './list-uniqueness.ts';
import { validateValue } from './validate-value.ts';
import { cpuTimeOf } from '../cpu-time-fixture.ts';

const textOf = ({ field, message }: { field: string; message: string }): string => `${field}: ${message}`;
const check = (schema: JsonSchema, value: unknown, old?: unknown): string[] =>
  validateValue(value, schema, { old }).map(textOf);

const a = (schema: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties: { a: schema } } },
});

/** Schema of `spec.a`, its value, the errors as kube-apiserver words them. */
const cases: readonly [name: string, schema: JsonSchema, value: unknown, errors: string[]][] = [
  ['string', { type: 'string' }, 'x', []],
  [
    'integer for a string',
    { type: 'string' },
    5,
    ['spec.a: Invalid value: "integer": spec.a in body must be of type string: "integer"'],
  ],
  [
    'string for an integer',
    { type: 'integer' },
    'x',
    ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"'],
  ],
  [
    'fraction for an integer',
    { type: 'integer' },
    1.5,
    ['spec.a: Invalid value: "number": spec.a in body must be of type integer: "number"'],
  ],
  ['whole number for a number', { type: 'number' }, 1, []],
  [
    'object for a list',
    { type: 'array', items: {} },
    {},
    ['spec.a: Invalid value: "object": spec.a in body must be of type array: "object"'],
  ],
  ['null', { type: 'string' }, null, ['spec.a: Invalid value: "null": spec.a in body must be of type string: "null"']],
  ['nullable', { type: 'string', nullable: true }, null, []],
  ['int-or-string takes both', { 'x-kubernetes-int-or-string': true }, 'x', []],
  [
    'int-or-string takes no boolean',
    { 'x-kubernetes-int-or-string': true },
    true,
    ['spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"'],
  ],
  ['enum', { type: 'string', enum: ['A', 'B'] }, 'C', ['spec.a: Unsupported value: "C": supported values: "A", "B"']],
  [
    'enum of numbers',
    { type: 'integer', enum: [1, 2] },
    3,
    ['spec.a: Unsupported value: 3: supported values: "1", "2"'],
  ],
  [
    'minimum',
    { type: 'integer', minimum: 1 },
    0,
    ['spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1'],
  ],
  [
    'exclusive minimum',
    { type: 'integer', minimum: 1, exclusiveMinimum: true },
    1,
    ['spec.a: Invalid value: 1: spec.a in body should be greater than 1'],
  ],
  [
    'maximum',
    { type: 'integer', maximum: 10 },
    11,
    ['spec.a: Invalid value: 11: spec.a in body should be less than or equal to 10'],
  ],
  [
    'exclusive maximum',
    { type: 'number', maximum: 1.5, exclusiveMaximum: true },
    1.5,
    ['spec.a: Invalid value: 1.5: spec.a in body should be less than 1.5'],
  ],
  [
    'multipleOf',
    { type: 'integer', multipleOf: 5 },
    7,
    ['spec.a: Invalid value: 7: spec.a in body should be a multiple of 5'],
  ],
  ['multipleOf of fractions', { type: 'number', multipleOf: 0.1 }, 0.3, []],
  [
    'minLength',
    { type: 'string', minLength: 3 },
    'ab',
    ['spec.a: Invalid value: "ab": spec.a in body should be at least 3 chars long'],
  ],
  ['maxLength', { type: 'string', maxLength: 2 }, 'abc', ['spec.a: Too long: may not be more than 2 bytes']],
  ['lengths count characters', { type: 'string', minLength: 2, maxLength: 2 }, '😀ä', []],
  [
    'pattern',
    { type: 'string', pattern: '^a+$' },
    'b',
    ['spec.a: Invalid value: "b": spec.a in body should match \'^a+$\''],
  ],
  [
    'format',
    { type: 'string', format: 'date-time' },
    'now',
    ['spec.a: Invalid value: "now": spec.a in body must be of type date-time: "now"'],
  ],
  ['unknown formats check nothing', { type: 'string', format: 'colour' }, 'x', []],
  [
    'minItems',
    { type: 'array', minItems: 1, items: {} },
    [],
    ['spec.a: Invalid value: 0: spec.a in body should have at least 1 items'],
  ],
  ['maxItems', { type: 'array', maxItems: 1, items: {} }, [1, 2], ['spec.a: Too many: 2: must have at most 1 items']],
  [
    'elements',
    { type: 'array', items: { type: 'string' } },
    ['x', 1],
    ['spec.a[1]: Invalid value: "integer": spec.a[1] in body must be of type string: "integer"'],
  ],
  [
    'minProperties',
    { type: 'object', minProperties: 1 },
    {},
    ['spec.a: Invalid value: 0: spec.a in body should have at least 1 properties'],
  ],
  [
    'maxProperties',
    { type: 'object', maxProperties: 1 },
    { x: 1, y: 2 },
    ['spec.a: Too many: 2: must have at most 1 items'],
  ],
  ['required', { type: 'object', required: ['x'], properties: { x: {} } }, {}, ['spec.a.x: Required value']],
  [
    'additionalProperties',
    { type: 'object', additionalProperties: { type: 'string' } },
    { k: 1 },
    ['spec.a.k: Invalid value: "integer": spec.a.k in body must be of type string: "integer"'],
  ],
  [
    'no additionalProperties',
    { type: 'object', additionalProperties: false },
    { k: 1 },
    ['spec.a: Invalid value: "k": spec.a.k in body is a forbidden property'],
  ],
  [
    'anyOf',
    { type: 'string', anyOf: [{ minLength: 3 }, { enum: ['a'] }] },
    'b',
    [
      '<nil>: Invalid value: "": "spec.a" must validate at least one schema (anyOf)',
      'spec.a: Invalid value: "b": spec.a in body should be at least 3 chars long',
    ],
  ],
  ['anyOf that one meets', { type: 'string', anyOf: [{ minLength: 3 }, { enum: ['a'] }] }, 'a', []],
  [
    'oneOf that none meets',
    { type: 'object', properties: { x: {}, y: {} }, oneOf: [{ required: ['x'] }, { required: ['y'] }] },
    {},
    [
      '<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found none valid',
      'spec.a.x: Required value',
    ],
  ],
  [
    'oneOf that two meet',
    { type: 'object', properties: { x: {}, y: {} }, oneOf: [{ required: ['x'] }, { required: ['y'] }] },
    { x: 1, y: 1 },
    ['<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    'allOf',
    { type: 'integer', allOf: [{ minimum: 2 }, { maximum: 5 }] },
    1,
    [
      'spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 2',
      '<nil>: Invalid value: "": "spec.a" must validate all the schemas (allOf)',
    ],
  ],
  [
    'not',
    { type: 'string', not: { enum: ['x'] } },
    'x',
    ['<nil>: Invalid value: "": "spec.a" must not validate the schema (not)'],
  ],
];

describe('validation against a schema', () => {
  it.each(cases)('%s', (_name, schema, value, errors) => {
    expect(check(a(schema), { spec: { a: value } })).toEqual(errors);
  });

  it('names what is inside a status without its name, and places it with it', () => {
    const [error] = validateValue(
      { phase: 1 },
      { type: 'object', properties: { phase: { type: 'string' } } },
      { field: 'status' },
    );
    expect(error).toEqual({
      reason: 'FieldValueTypeInvalid',
      field: 'status.phase',
      message: 'Invalid value: "integer": phase in body must be of type string: "integer"',
    });
  });

  it('lets stay what was wrong before the schema said so', () => {
    const schema = a({ type: 'string', maxLength: 1 });
    const old = { spec: { a: 'long', b: 1 } };
    expect(check(schema, { spec: { a: 'long', b: 2 } }, old)).toEqual([]);
    expect(check(schema, { spec: { a: 'other', b: 1 } }, old)).toHaveLength(1);
  });

  it('finds elements of list maps by their keys when it compares with before', () => {
    const schema = a({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer', maximum: 1 } } },
    });
    const old = { spec: { a: [{ name: 'x', size: 5 }] } };
    expect(
      check(
        schema,
        {
          spec: {
            a: [
              { name: 'y', size: 1 },
              { name: 'x', size: 5 },
            ],
          },
        },
        old,
      ),
    ).toEqual([]);
    expect(check(schema, { spec: { a: [{ name: 'x', size: 6 }] } }, old)).toHaveLength(1);
  });

  it('ends work that schema and data together blow up', () => {
    const branches = Array.from({ length: 1000 }, (_, index): JsonSchema => ({ enum: [index] }));
    const schema = a({ type: 'array', items: { type: 'string', oneOf: branches } });
    let errors: readonly string[] = [];
    const took = cpuTimeOf(() => {
      errors = check(schema, { spec: { a: Array.from({ length: 10_000 }, () => 'x') } });
    });
    expect(errors.at(-1)).toContain('should be smaller to be compared with its schema');
    expect(took).toBeLessThan(3000);
  });
});

const set = (items: JsonSchema): JsonSchema => a({ type: 'array', 'x-kubernetes-list-type': 'set', items });
const map = (keys: string[]): JsonSchema =>
  a({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, items: { type: 'object' } });

describe('lists that are sets or maps', () => {
  it.each([
    ['a set', set({ type: 'string' }), ['x', 'y', 'x', 'x'], ['spec.a[2]: Duplicate value: "x"']],
    [
      'a set of objects',
      set({ type: 'object' }),
      [
        { p: 1, q: 2 },
        { q: 2, p: 1 },
      ],
      ['spec.a[1]: Duplicate value: {"q":2,"p":1}'],
    ],
    [
      'a map',
      map(['name']),
      [
        { name: 'x', v: 1 },
        { name: 'x', v: 2 },
      ],
      ['spec.a[1]: Duplicate value: {"name":"x"}'],
    ],
    ['a map without a key', map(['name']), [{}, {}], ['spec.a[1]: Duplicate value: {}']],
    [
      'a map with several keys',
      map(['p', 'q']),
      [
        { p: 1, q: 1 },
        { p: 1, q: 2 },
      ],
      [],
    ],
    [
      'a map of something else',
      map(['p']),
      ['x'],
      ['spec.a[0]: Invalid value: "x": must be an object for an array of list-type map'],
    ],
  ] satisfies [string, JsonSchema, unknown[], string[]][])('%s', (_name, schema, value, errors) => {
    expect(validateListTypes({ spec: { a: value } }, schema).map(textOf)).toEqual(errors);
  });
});
