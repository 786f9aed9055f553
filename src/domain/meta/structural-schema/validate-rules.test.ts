import { describe, expect, it } from 'vitest';
import type { JsonSchema, ValidationRule } from './json-schema.ts';
import { validateRuleDefinitions } from './rule-definitions.ts';
import { validateRules } from './validate-rules.ts';

const ruled = (schema: JsonSchema, ...rules: ValidationRule[]): JsonSchema => ({
  ...schema,
  'x-kubernetes-validations': rules,
});
const objectOf = (properties: Record<string, JsonSchema>, ...rules: ValidationRule[]): JsonSchema =>
  ruled({ type: 'object', properties }, ...rules);
const textsOf = (errors: readonly { field: string; message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const check = (schema: JsonSchema, value: unknown, old?: unknown) =>
  textsOf(validateRules(value, schema, { old, isRoot: true }));

const int: JsonSchema = { type: 'integer' };
const text: JsonSchema = { type: 'string' };

/** One property `x` of the schema, a rule about it, a value that obeys and one that does not. */
const obeyed: readonly (readonly [schema: JsonSchema, rule: string, good: unknown, bad: unknown])[] = [
  [int, 'self.x > 1', 2, 1],
  [{ type: 'number' }, 'self.x > 0.5 && type(self.x) == double', 1, 0],
  [{ type: 'boolean' }, 'self.x', true, false],
  [text, 'self.x.startsWith("a")', 'ab', 'b'],
  [{ 'x-kubernetes-int-or-string': true }, 'type(self.x) == int ? self.x < 100 : self.x == "50%"', '50%', 100],
  [{ 'x-kubernetes-int-or-string': true }, 'quantity(string(self.x)).isLessThan(quantity("1Gi"))', '1Mi', '2Gi'],
  [
    { type: 'string', format: 'date-time' },
    'self.x < timestamp("2024-01-01T00:00:00Z")',
    '2023-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z',
  ],
  [{ type: 'string', format: 'date' }, 'self.x.getFullYear() == 2024', '2024-02-29', '2023-01-01'],
  [{ type: 'string', format: 'duration' }, 'self.x < duration("1h")', '59m', '90m'],
  [{ type: 'string', format: 'byte' }, 'self.x == b"abc"', 'YWJj', 'YWJk'],
  [{ type: 'array', items: int }, 'self.x.all(y, y < 5)', [1, 4], [1, 5]],
  [{ type: 'array', items: int, 'x-kubernetes-list-type': 'set' }, 'self.x == [2, 1]', [1, 2], [1, 3]],
  [{ type: 'object', additionalProperties: int }, 'self.x.all(key, self.x[key] > 0)', { a: 1 }, { a: 0 }],
  [objectOf({ 'a-b': int }), 'self.x.a__dash__b == 1', { 'a-b': 1 }, { 'a-b': 2 }],
  [
    objectOf({ __x: int, 'a.b': int }),
    'has(self.x.__underscores__x) && has(self.x.a__dot__b)',
    { __x: 1, 'a.b': 1 },
    {},
  ],
  [
    objectOf({ namespace: text, type: text }),
    'self.x.__namespace__ == self.x.type',
    { namespace: 'a', type: 'a' },
    { namespace: 'a', type: 'b' },
  ],
  [{ type: 'string', nullable: true }, 'dyn(self.x) != null', 'a', null],
  [objectOf({ y: int }), '!has(self.x.y) || self.x.?y.orValue(0) > 1', {}, { y: 1 }],
];

describe('a rule', () => {
  it.each(obeyed)('about %j: %s', (schema, rule, good, bad) => {
    const whole = objectOf({ x: schema }, { rule });
    expect(validateRuleDefinitions(whole, 's')).toEqual([]);
    expect(check(whole, { x: good })).toEqual([]);
    expect(check(whole, { x: bad })).toEqual([`<nil>: Invalid value: "object": failed rule: ${rule}`]);
  });

  it('stands at every level, and errors name the place', () => {
    const leaf = ruled(int, { rule: 'self < 3', message: ' must be small ' });
    const schema = objectOf({
      spec: objectOf({
        list: ruled({ type: 'array', items: leaf }, { rule: 'self.size() < 3' }),
        map: { type: 'object', additionalProperties: leaf },
      }),
    });
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    expect(check(schema, { spec: { list: [1, 3, 2], map: { a: 1, b: 4 } } })).toEqual([
      'spec.list: Invalid value: "array": failed rule: self.size() < 3',
      'spec.list[1]: Invalid value: "integer": must be small',
      'spec.map[b]: Invalid value: "integer": must be small',
    ]);
  });

  it('sees what every resource has', () => {
    const schema = objectOf(
      { metadata: { type: 'object' } },
      { rule: "self.metadata.name.size() < 5 && self.kind == 'K'" },
    );
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    expect(check(schema, { kind: 'K', metadata: { name: 'abcd' } })).toEqual([]);
    expect(check(schema, { kind: 'K', metadata: { name: 'abcde' } })).toHaveLength(1);
  });

  it('says in which way and where it is broken', () => {
    const messageExpression = "'at most %d'.format([self.max])";
    const schema = objectOf(
      { max: int, n: int, 'a-b': int },
      { rule: 'self.n <= self.max', messageExpression, fieldPath: '.n', reason: 'FieldValueForbidden' },
      {
        rule: 'self.n != 9',
        messageExpression: 'string(1 / 0)',
        message: 'not nine',
        reason: 'FieldValueRequired',
        fieldPath: "['a-b']",
      },
      { rule: 'self.n != 9', reason: 'FieldValueDuplicate' },
    );
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    expect(check(schema, { max: 8, n: 9 })).toEqual([
      'n: Forbidden: at most 8',
      'a-b: Required value: not nine',
      '<nil>: Duplicate value: "object"',
    ]);
  });

  it('of a transition is asked only when there is something before', () => {
    const schema = objectOf({ x: ruled(int, { rule: 'self >= oldSelf' }) });
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    expect(check(schema, { x: 1 })).toEqual([]);
    expect(check(schema, { x: 1 }, {})).toEqual([]);
    expect(check(schema, { x: 1 }, { x: 1 })).toEqual([]);
    expect(check(schema, { x: 1 }, { x: 2 })).toEqual(['x: Invalid value: "integer": failed rule: self >= oldSelf']);
  });

  it('of a transition in a list finds the element by its keys', () => {
    const items = objectOf({ k: text, v: int }, { rule: 'self.v >= oldSelf.v' });
    const list: JsonSchema = {
      type: 'array',
      items,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    };
    const schema = objectOf({ list });
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    const old = {
      list: [
        { k: 'a', v: 1 },
        { k: 'b', v: 5 },
      ],
    };
    expect(
      check(
        schema,
        {
          list: [
            { k: 'b', v: 4 },
            { k: 'a', v: 2 },
            { k: 'c', v: 0 },
          ],
        },
        old,
      ),
    ).toEqual(['list[0]: Invalid value: "object": failed rule: self.v >= oldSelf.v']);
  });

  it('may ask for what was before although there was nothing', () => {
    const schema = objectOf({ x: ruled(int, { rule: 'oldSelf.hasValue() || self == 0', optionalOldSelf: true }) });
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    expect(check(schema, { x: 1 })).toHaveLength(1);
    expect(check(schema, { x: 1 }, { x: 2 })).toEqual([]);
  });

  it('that was broken before lets pass what stays as it was', () => {
    const schema = objectOf({ x: ruled(int, { rule: 'self > 5' }), y: int });
    expect(check(schema, { x: 1, y: 2 }, { x: 1, y: 1 })).toEqual([]);
    expect(check(schema, { x: 2, y: 2 }, { x: 1, y: 1 })).toHaveLength(1);
  });

  it.each([
    ['self.l[5] > 1', 'index out of bounds: 5 evaluating rule: self.l[5] > 1'],
    ['self.y == 1', 'no such key: y evaluating rule: self.y == 1'],
    [
      'self.any + 1 > 0',
      "'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.any + 1 > 0",
    ],
    [
      'self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))',
      "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))",
    ],
  ])('that fails is an error: %s', (rule, message) => {
    const schema = objectOf(
      { l: { type: 'array', items: int }, y: int, any: { 'x-kubernetes-int-or-string': true } },
      { rule },
    );
    expect(validateRuleDefinitions(schema, 's')).toEqual([]);
    const l = rule.includes('[5]') ? [1] : Array.from({ length: 300 }, (_, index) => index);
    expect(check(schema, { l, any: 'text' })).toEqual([`<nil>: Invalid value: "object": ${message}`]);
  });

  it('ends with the budget of the object', () => {
    const rule = 'self.all(a, self.all(b, a + b >= 0))';
    const leaf = ruled({ type: 'array', items: int }, { rule });
    const list = Array.from({ length: 350 }, (_, index) => index);
    const [first, ...more] = check(
      { type: 'array', items: leaf },
      Array.from({ length: 1000 }, () => list),
    );
    expect(more).toEqual([]);
    expect(first).toContain(
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  });
});

describe('a definition is refused', () => {
  const of = (schema: JsonSchema) => textsOf(validateRuleDefinitions(schema, 's'));
  const rule = (
    change: Partial<ValidationRule>,
    schema: JsonSchema = { x: int, l: { type: 'array', items: int } } as never,
  ) => of(objectOf(schema as Record<string, JsonSchema>, { rule: 'self.x > 0', ...change }));
  const at = 's.x-kubernetes-validations[0]';

  it.each([
    [{ rule: '' }, `${at}.rule: Required value: rule is not specified`],
    [
      { rule: 'self.x >' },
      `${at}.rule: Invalid value: "self.x >": compilation failed: ERROR: <input>:1:9: Syntax error: unexpected '<EOF>'\n | self.x >\n | ........^`,
    ],
    [
      { rule: 'self.y > 0' },
      `${at}.rule: Invalid value: "self.y > 0": compilation failed: ERROR: <input>:1:5: undefined field 'y'\n | self.y > 0\n | ....^`,
    ],
    [{ rule: 'self.x.foo()' }, "undeclared reference to 'foo'"],
    [{ rule: "self.x == 'a'" }, "found no matching overload for '_==_' applied to '(int, string)'"],
    [{ rule: 'self.l.all(y, y)' }, "expected type 'bool' but found 'int'"],
    [{ rule: 'self.x + 1' }, `${at}.rule: Invalid value: "self.x + 1": cel expression must evaluate to a bool`],
    [{ rule: 'other == 1' }, "undeclared reference to 'other' (in container '')"],
    [{ message: ' ' }, `${at}.message: Invalid value: " ": message must be non-empty if specified`],
    [{ message: 'a\nb' }, `${at}.message: Invalid value: "a\\nb": message must not contain line breaks`],
    [{ rule: 'self.x\n > 0' }, `${at}.message: Required value: message must be specified if rule contains line breaks`],
    [
      { messageExpression: ' ' },
      `${at}.messageExpression: Required value: messageExpression must be non-empty if specified`,
    ],
    [
      { messageExpression: '1' },
      `${at}.messageExpression: Invalid value: "1": messageExpression must evaluate to a string`,
    ],
    [{ messageExpression: 'self.y' }, 'messageExpression compilation failed: ERROR: <input>:1:5: undefined field'],
    [
      { reason: 'Other' },
      `${at}.reason: Unsupported value: "Other": supported values: "FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"`,
    ],
    [{ fieldPath: '.y' }, `${at}.fieldPath: Invalid value: ".y": fieldPath must be a valid path`],
    [{ fieldPath: 'x' }, `${at}.fieldPath: Invalid value: "x": fieldPath must be a valid path`],
    [
      { optionalOldSelf: true },
      `${at}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ],
  ])('with %j', (change, message) => {
    const [only, ...more] = rule(change);
    expect(more).toEqual([]);
    expect(only).toContain(message);
  });

  it('with a transition of elements that cannot be told apart', () => {
    const items = ruled(int, { rule: 'self == oldSelf' });
    expect(of(objectOf({ l: { type: 'array', items } }))).toEqual([
      's.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[l].items',
    ]);
  });

  it('with more rules than anybody reads', () => {
    const rules = Array.from({ length: 2001 }, () => ({ rule: 'true' }));
    expect(of(ruled({ type: 'object' }, ...rules))).toEqual([
      's.x-kubernetes-validations: Too many: 2001: must have at most 2000 items',
    ]);
  });

  it('with a look at what no schema knows', () => {
    const schema = objectOf({ free: { 'x-kubernetes-preserve-unknown-fields': true } }, { rule: 'has(self.free)' });
    expect(of(schema)[0]).toContain("undefined field 'free'");
  });
});
