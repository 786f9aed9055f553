import { describe, expect, it } from 'vitest';
import { validateSchema } from './validate-schema.ts';

const wrong = (schema: unknown): string[] =>
  validateSchema(schema as Parameters<typeof validateSchema>[0], 'x').map(
    ({ field, message }) => `${field}: ${message}`,
  );

const field = (schema: object): object => ({ type: 'object', properties: { a: schema } });
const text = { type: 'string' };

/** Rules of https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
const accepted: readonly [name: string, schema: object][] = [
  ['an object', { type: 'object' }],
  ['free objects', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
  ['a free field', field({ 'x-kubernetes-preserve-unknown-fields': true })],
  ['int-or-string', field({ 'x-kubernetes-int-or-string': true })],
  [
    'int-or-string as tools write it',
    field({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, text] }),
  ],
  [
    'int-or-string with more rules',
    field({ 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: [{ type: 'integer' }, text] }, { pattern: '^.$' }] }),
  ],
  ['what values need', field({ ...text, anyOf: [{ pattern: '^a' }, { maxLength: 3 }], not: { enum: ['b'] } })],
  [
    'fields that values need',
    { ...field(text), oneOf: [{ required: ['a'] }, { properties: { a: { maxLength: 1 } } }] },
  ],
  [
    'a name in metadata',
    {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 5 } } } },
    },
  ],
  [
    'an embedded resource',
    field({ type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }),
  ],
  ['defaults', field({ type: 'object', properties: { b: { type: 'integer', default: 3 } }, default: { b: 1 } })],
  ['maps', field({ type: 'object', additionalProperties: text })],
  [
    'a list map',
    field({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k'], properties: { k: text } },
    }),
  ],
  ['a set', field({ type: 'array', 'x-kubernetes-list-type': 'set', items: text })],
];

const refused: readonly [name: string, schema: object, errors: string[]][] = [
  ['no type', {}, ['x.type: Required value: must not be empty at the root']],
  ['not an object', { type: 'array', items: text }, ['x.type: Invalid value: "array": must be object at the root']],
  ['nullable', { type: 'object', nullable: true }, ['x.nullable: Forbidden: nullable cannot be true at the root']],
  [
    'a field without a type',
    field({}),
    ['x.properties[a].type: Required value: must not be empty for specified object fields'],
  ],
  [
    'elements without a type',
    field({ type: 'array', items: {} }),
    ['x.properties[a].items.type: Required value: must not be empty for specified array items'],
  ],
  ['a list of what', field({ type: 'array' }), ['x.properties[a].items: Required value: must be specified']],
  [
    'an unknown type',
    field({ type: 'text' }),
    [
      'x.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    'anything at the root',
    { type: 'object', additionalProperties: true },
    ['x.additionalProperties: Forbidden: must not be used at the root'],
  ],
  [
    'properties and others',
    field({ type: 'object', properties: { b: text }, additionalProperties: false }),
    ['x.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive'],
  ],
  [
    'types inside of anyOf',
    field({ ...text, anyOf: [{ type: 'string' }] }),
    ['x.properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
  ],
  [
    'descriptions inside of not',
    field({ ...text, not: { description: 'd' } }),
    ['x.properties[a].not.description: Forbidden: must be empty to be structural'],
  ],
  [
    'fields only inside of allOf',
    { type: 'object', allOf: [{ properties: { b: { maxLength: 1 } } }] },
    ['x.properties[b]: Required value: because it is defined in x.allOf[0].properties[b]'],
  ],
  [
    'metadata inside of anyOf',
    { type: 'object', anyOf: [{ properties: { metadata: {} } }] },
    [
      'x.anyOf[0].properties[metadata]: Forbidden: must not be specified in a nested context',
      'x.properties[metadata]: Required value: because it is defined in x.anyOf[0].properties[metadata]',
    ],
  ],
  [
    'labels in metadata',
    { type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
    [
      'x.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [
    'kind that is no text',
    { type: 'object', properties: { kind: { type: 'object' } } },
    ['x.properties[kind].type: Invalid value: "object": must be string'],
  ],
  [
    'a pattern that is none',
    field({ ...text, pattern: '(' }),
    [
      'x.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
    ],
  ],
  ['references', field({ ...text, $ref: '#/x' }), ['x.properties[a].$ref: Forbidden: $ref is not supported']],
  [
    'uniqueItems',
    field({ type: 'array', items: text, uniqueItems: true }),
    [
      'x.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
  [
    'keeping unknown fields not',
    field({ type: 'object', 'x-kubernetes-preserve-unknown-fields': false }),
    ['x.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined'],
  ],
  [
    'an embedded resource that is a text',
    field({ ...text, 'x-kubernetes-embedded-resource': true }),
    [
      'x.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      'x.properties[a].type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true',
    ],
  ],
  [
    'a default of another type',
    field({ type: 'integer', default: 'x' }),
    ['x.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"'],
  ],
  [
    'a default with unknown fields',
    field({ type: 'object', default: { b: 1 } }),
    ['x.properties[a].default: Invalid value: {"b":1}: must not have unknown fields'],
  ],
  [
    'a default in metadata',
    { type: 'object', properties: { metadata: { type: 'object', default: {} } } },
    ['x.properties[metadata].default: Forbidden: must not be set in top-level metadata'],
  ],
  [
    'an unknown list type',
    field({ type: 'array', items: text, 'x-kubernetes-list-type': 'bag' }),
    ['x.properties[a].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"'],
  ],
  [
    'a list map without keys',
    field({ type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map' }),
    ['x.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
  ],
  [
    'a list map whose key may be absent',
    field({
      type: 'array',
      items: { type: 'object', properties: { k: text } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    }),
    [
      'x.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  [
    'a set of objects that may be merged',
    field({ type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' }),
    [
      'x.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    'keys without a list type',
    field({ type: 'array', items: text, 'x-kubernetes-list-map-keys': ['k'] }),
    ['x.properties[a].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty'],
  ],
  [
    'a map type that is none',
    field({ type: 'object', 'x-kubernetes-map-type': 'x' }),
    ['x.properties[a].x-kubernetes-map-type: Unsupported value: "x": supported values: "atomic", "granular"'],
  ],
];

describe('schemas of custom resources', () => {
  it.each(accepted)('may have %s', (_name, schema) => {
    expect(wrong(schema)).toEqual([]);
  });

  it.each(refused)('may not have %s', (_name, schema, errors) => {
    expect(wrong(schema)).toEqual(errors);
  });
});
