import { expect, it } from 'vitest';
import { Budget } from './budget.ts';
import { checkCel, evaluateCel } from './cel.ts';
import { CostError, EvaluationError } from './cel-error.ts';
import { dyn } from './cel-type.ts';
import { readDynamic } from './typed-value.ts';
import { cpuTimeOf } from '../cpu-time-fixture.ts';

const data = {
  n: 3,
  half: 0.5,
  s: 'héllo 😀',
  l: [3, 1, 2],
  names: ['b', 'a'],
  m: { a: 1, b: 2 },
  o: { x: null, 'a-b': 'dash', deep: { y: 'z' } },
};
const types = new Map(['self', 'x', 'l'].map((name) => [name, dyn]));

function run(text: string, units = 100_000): unknown {
  const checked = checkCel(text, types);
  if (checked.kind === 'invalid') return checked.message.split('\n')[0];
  try {
    return evaluateCel(text, (name) => (name === 'self' ? readDynamic(data) : undefined), new Budget(units));
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof CostError) return error.message;
    throw error;
  }
}

/** Each is true by the language's definition (cel-spec doc/langdef.md) and Kubernetes' documentation of its libraries. */
const truths = `
1 + 2 * 3 == 7
-9223372036854775808 < 0
7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1
1u + 2u == 3u
0x1F == 31
1.5e3 == 1500.0
dyn(1) == 1.0 && 1 < 1.5 && 2u > 1
'a' + 'b' == "ab"
"\\u00e9" == 'é' && '\\x41\\101' == 'AA' && r'\\d' == '\\\\d'
'''a
b''' == 'a\\nb'
b'\\xff\\x00' != b'ab' && size(b'abc') == 3
[1, 2] + [3] == [1, 2, 3]
{'a': 1}['a'] == 1 && 'a' in {'a': 1} && !('b' in {'a': 1})
self.n == 3 && self.half == 0.5
size(self.s) == 7 && self.s.size() == 7
self.m.a == 1 && self.m['b'] == 2
has(self.m.a) && !has(self.m.c)
self.o.x == null
self.o['a-b'] == 'dash'
self.o.\`a-b\` == 'dash'
true || 1 / 0 > 0
1 / 0 > 0 || true
!(false && 1 / 0 > 0) && !(1 / 0 > 0 && false)
self.n > 2 ? true : false
self.l.all(x, x > 0) && self.l.exists(x, x == 2) && self.l.exists_one(x, x == 3)
self.l.map(x, x * 2) == [6, 2, 4] && self.l.map(x, x > 1, x) == [3, 2]
self.l.filter(x, x > 1) == [3, 2]
self.m.all(k, k in ['a', 'b']) && self.m.exists(k, self.m[k] == 2)
self.l.all(i, x, x == self.l[i])
self.m.exists(k, v, k == 'b' && v == 2)
[1, 2].transformList(i, v, i + v) == [1, 3] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}
{'a': 1}.transformMapEntry(k, v, {v: k}) == {1: 'a'}
[[1, 2], [3]].all(l, l.all(x, x > 0))
type(1) == int && type('') == string && type(null) == null_type && type([]) == list && type(1u) == uint
int('42') == 42 && string(1.5) == '1.5' && double('2.5') == 2.5 && bool('true') && uint(5) == 5u && int(2.9) == 2
string(b'abc') == 'abc' && bytes('abc') == b'abc'
timestamp('2024-02-29T12:00:00Z') + duration('1h30m') == timestamp('2024-02-29T13:30:00Z')
timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')
timestamp('2024-03-05T06:07:08.123Z').getMonth() == 2 && timestamp('2024-03-05T06:07:08.123Z').getMilliseconds() == 123
timestamp('2024-03-05T23:00:00Z').getDate('+02:00') == 6 && timestamp('2024-07-01T00:00:00Z').getHours('Europe/Berlin') == 2
string(timestamp('2024-03-05T06:07:08.120+01:00')) == '2024-03-05T05:07:08.12Z' && string(duration('90s')) == '90s'
duration('3h').getMinutes() == 180 && duration('-1.5s') < duration('0')
'hello'.contains('ell') && 'hello'.startsWith('he') && 'hello'.endsWith('lo') && 'hello'.matches('^h.*o$')
matches('foobar', 'foo.*') && !'foobar'.matches('^bar')
'tacocat'.charAt(3) == 'o' && 'hello mellow'.indexOf('ello', 2) == 7 && 'hello mellow'.lastIndexOf('ello') == 7
['a', 'b'].join('-') == 'a-b' && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'a,b'.split(',') == ['a', 'b']
'hello'.replace('l', 'L', 1) == 'heLlo' && 'TacoCat'.lowerAscii() == 'tacocat' && 'x'.upperAscii() == 'X'
'😀abc'.substring(1, 3) == 'ab' && '  a '.trim() == 'a' && strings.quote("a\\"b") == '"a\\\\"b"'
'%s is %d, %.2f, %x'.format(['a', 12, 3.14159, 255]) == 'a is 12, 3.14, ff'
[1, 2, 3].isSorted() && ![2, 1].isSorted() && [1, 2].sum() == 3 && [3, 1].min() == 1 && [3, 1].max() == 3
['a', 'b', 'a'].indexOf('a') == 0 && ['a', 'b', 'a'].lastIndexOf('a') == 2 && [1].indexOf(9) == -1
self.l.sum() == 6 && self.names.min() == 'a' && self.l.max() == 3
sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && sets.intersects([1], [1, 2])
'abc 123'.find('[0-9]+') == '123' && '123 abc 456'.findAll('[0-9]+') == ['123', '456'] && 'a1b2'.findAll('[0-9]', 1) == ['1']
'aaa'.find('a+?') == 'a' && 'foobar'.find('foo|foobar') == 'foo' && 'x'.find('y') == ''
url('https://example.com:80/path?k=a&k=b').getHost() == 'example.com:80' && url('https://example.com:80/').getPort() == '80'
url('https://example.com/p?k=a&k=b').getQuery() == {'k': ['a', 'b']} && url('https://[::1]:80/').getHostname() == '::1'
isURL('/absolute') && !isURL('relative') && url('https://x/with space'.replace(' ', '%20')).getEscapedPath() == '/with%20space'
isIP('127.0.0.1') && !isIP('127.0.0.1.0') && !isIP('::ffff:1.2.3.4') && ip('::1').isLoopback() && ip('10.0.0.1').family() == 4
ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && ip('2001:db8::abcd') == ip('2001:DB8::ABCD')
string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1' && ip('0:0::').isUnspecified() && ip('8.8.8.8').isGlobalUnicast()
cidr('192.168.0.0/24').containsIP('192.168.0.7') && cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24')
cidr('192.168.1.7/24').masked() == cidr('192.168.1.0/24') && cidr('::1/128').prefixLength() == 128 && !isCIDR('1.2.3.4/33')
quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1.5').compareTo(quantity('1500m')) == 0 && isQuantity('1.3Gi')
quantity('50k').add(20000) == quantity('70k') && quantity('50k').sub(quantity('20k')).asInteger() == 30000 && !isQuantity('200K')
quantity('500m').sign() == 1 && !quantity('500m').isInteger() && quantity('500m').asApproximateFloat() == 0.5
semver('1.2.3').isLessThan(semver('1.2.10')) && semver('1.0.0-alpha').compareTo(semver('1.0.0')) == -1 && isSemver('v1.0', true)
semver('v01.2', true).minor() == 2 && !isSemver('1.2') && semver('1.2.3+x') == semver('1.2.3+y')
!format.dns1123Label().validate('my-name').hasValue() && format.named('date').value().validate('2024-13-01').hasValue()
!format.named('unknown').hasValue() && format.dns1123Label().validate('a.b').value().size() == 1
self.?m.?a.orValue(7) == 1 && self.?none.?a.orValue(7) == 7 && self.?none == optional.none()
optional.of(1).hasValue() && optional.ofNonZeroValue('') == optional.none() && self.m[?'a'].optMap(v, v + 1).orValue(0) == 2
[1, ?optional.none()] == [1] && {?'a': optional.of(1)} == {'a': 1} && self.l[?9].or(optional.of(4)).value() == 4
optional.of({'a': 1}).a.hasValue() && optional.of([1])[0].value() == 1
{'a': 1, 'b': 2} == {'b': 2, 'a': 1} && [[1], [2]] != [[1], [3]]
// a comment
`;

it.each(
  truths
    .replaceAll("'''a\nb'''", "'''a\\nb'''")
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('//')),
)('%s', (text) => {
  expect(run(text)).toBe(true);
});

it.each([
  ['1 +', "ERROR: <input>:1:4: Syntax error: unexpected '<EOF>'"],
  ["'abc", 'ERROR: <input>:1:1: Syntax error: unterminated string'],
  ['foo > 1', "ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')"],
  ['self.foo(1)', "ERROR: <input>:1:9: undeclared reference to 'foo' (in container '')"],
  ["1 == 'a'", "ERROR: <input>:1:3: found no matching overload for '_==_' applied to '(int, string)'"],
  ["'a'.startsWith(1)", "ERROR: <input>:1:15: found no matching overload for 'startsWith' applied to 'string.(int)'"],
  ['1 && true', "ERROR: <input>:1:3: found no matching overload for '_&&_' applied to '(int, bool)'"],
  ["[1, 'a'] == []", "ERROR: <input>:1:5: expected type 'int' but found 'string'"],
  ["'a'.b", "ERROR: <input>:1:4: type 'string' does not support field selection"],
  ['has(self)', 'ERROR: <input>:1:4: invalid argument to has() macro'],
  [
    '(1).all(x, true)',
    "ERROR: <input>:1:2: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
  ],
  ['9223372036854775808', 'ERROR: <input>:1:1: Syntax error: invalid int literal'],
  ['self.for', true],
  ['for', 'ERROR: <input>:1:1: Syntax error: reserved identifier: for'],
  [`${'('.repeat(300)}1${')'.repeat(300)}`, 'expression recursion limit exceeded: 250'],
  [`${'!(('.repeat(90000)}`, 'expression code point size exceeds limit'],
])('%s is refused', (text, message) => {
  if (message === true) expect(checkCel(text, types).kind).toBe('valid');
  else expect(run(text)).toContain(message);
});

it.each([
  ['self.none', 'no such key: none'],
  ['self.l[5]', 'index out of bounds: 5'],
  ['self.m["zz"]', 'no such key: zz'],
  ['1 / 0', 'division by zero'],
  ['9223372036854775807 + 1', 'integer overflow'],
  ['self.s + 1', 'no such overload'],
  ['self.s.matches("[")', 'error parsing regexp: missing closing ]: `[`'],
  ['quantity("x")', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['optional.none().value()', 'optional.none() dereference'],
  ['[].max() == 1', 'max called on empty list'],
])('%s fails', (text, message) => {
  expect(run(text)).toBe(message);
});

const spent = 'operation cancelled: actual cost limit exceeded';
const many = Array.from({ length: 100_000 }, (_, index) => index);
const hostile = {
  many,
  text: 'a'.repeat(100_000),
  lists: many.slice(0, 5000),
  map: Object.fromEntries(many.map((one) => [`k${one}`, one])),
};

it.each([
  'self.many.all(a, self.many.all(b, a + b >= 0))',
  'self.many.map(a, self.many.map(b, [a, b, a, b])).size() > 0',
  'self.many.exists(a, self.many.exists(b, false)) || true',
  'self.lists.map(x, self.text + self.text + self.text).size() == 0',
  'self.lists.map(x, self.text.split("")).size() == 0',
  'self.text.replace("", self.text).size() == 0',
  '!self.text.matches("(a+)+(b+)+c{1,500}") && self.lists.all(x, self.text.matches("((((a+)+)+)+)+$"))',
  'self.many.all(x, self.many == self.many)',
  'self.many.all(x, sets.contains(self.many, self.many))',
  'self.lists.all(x, (self.many + self.many).size() > 0)',
  'self.many.all(x, size(self.map) > 0)',
  'self.many.all(x, has(self.map) && optional.ofNonZeroValue(self.map).hasValue())',
  'self.many.all(x, self.map == self.map)',
  'self.many.all(x, self.text.lastIndexOf(self.text + "b") < 0)',
  'self.lists.all(x, self.lists.transformMap(i, v, v).size() > 0)',
])(
  '%s is stopped in time',
  (text) => {
    const took = cpuTimeOf(() =>
      expect(() =>
        evaluateCel(text, (name) => (name === 'self' ? readDynamic(hostile) : undefined), new Budget(1_000_000)),
      ).toThrow(spent),
    );
    // Without an end it would be hours.
    expect(took).toBeLessThan(5000);
  },
  20_000,
);
