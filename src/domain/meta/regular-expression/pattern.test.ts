import { describe, expect, it } from 'vitest';
import { matchesPattern, patternError } from './pattern.ts';
import { cpuTimeOf } from '../cpu-time-fixture.ts';

/** Patterns that mean the same in Go and in JavaScript: V8 is the judge. */
const shared = [
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$',
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
  '^\\S+$',
  'a|b|cd',
  '(a*)*b',
  '^$',
  '',
  '[^a-c]x{2,3}?',
  'x{0,2}y{2}z{1,}',
  '\\bfoo\\b',
  '\\Boo',
  '[\\]\\-a]',
  '[a-]',
  '(?:ab)+',
  '\\x41',
  '^https?://[^/]+(/.*)?$',
  '\\.',
  'a{,2}',
  'a{2',
  '[\\w.]+@\\w+',
];

const texts = [
  '',
  'a',
  'aaab',
  'cd',
  'my-name.example.com',
  '-bad',
  '1h30m',
  '500Mi',
  '1e3',
  'foo bar',
  'foobar',
  'xx',
  'dxxx',
  'yyz',
  ']',
  '-',
  'a{,2}',
  'a{2',
  'https://example.com/x',
  'ftp://x',
  'joe@example',
  'A',
  'ababab',
  '\n',
];

describe('patterns', () => {
  it.each(shared)('%s matches what V8 matches', (pattern) => {
    const judge = new RegExp(pattern);
    expect(texts.map((text) => [text, matchesPattern(pattern, text)])).toEqual(
      texts.map((text) => [text, judge.test(text)]),
    );
  });

  it.each([
    ['(?i)^abc$', 'aBC', true],
    ['^(?i:a)b$', 'AB', false],
    ['(?i)[a-c]x', 'BX', true],
    ['(?s)^a.b$', 'a\nb', true],
    ['^a.b$', 'a\nb', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['^b$', 'a\nb\nc', false],
    ['^a$', 'a\n', false],
    ['\\Aa\\z', 'a', true],
    ['^\\Qa.b\\E$', 'a.b', true],
    ['^\\Qa.b\\E$', 'axb', false],
    ['^[[:alpha:]]+$', 'abZ', true],
    ['^[[:^digit:]x]+$', 'abx', true],
    ['^\\pL+$', 'äß', true],
    ['^\\p{Greek}$', 'α', true],
    ['^\\P{Greek}$', 'α', false],
    ['^\\p{^Lu}$', 'a', true],
    ['^[\\pN_]$', '٣', true],
    ['^(?P<name>a)(?<other>b)$', 'ab', true],
    ['^.$', '😀', true],
    ['^\\x{1F600}$', '😀', true],
    ['^\\101$', 'A', true],
    ['^\\d\\D\\s\\W$', '1a !', true],
    ['^[]a]+$', ']a', true],
    ['^(a|b|)c$', 'c', true],
  ])('%s against %j is %s, as in Go', (pattern, text, expected) => {
    expect(matchesPattern(pattern, text)).toBe(expected);
  });

  it.each([
    ['(', 'error parsing regexp: missing closing ): `(`'],
    ['a)', 'error parsing regexp: unexpected ): `a)`'],
    ['[a', 'error parsing regexp: missing closing ]: `[a`'],
    ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['a{3,2}', 'error parsing regexp: invalid repeat count: `{3,2}`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['(?!a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?!`'],
    ['(a)\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['\\Z', 'error parsing regexp: invalid escape sequence: `\\Z`'],
    ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
    ['\\p{Nonsense}', 'error parsing regexp: invalid character class range: `\\p{Nonsense}`'],
    ['a\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    [
      '((((a{1000}){1000}){1000}){1000})',
      'error parsing regexp: expression too large: `((((a{1000}){1000}){1000}){1000})`',
    ],
    [
      '('.repeat(600) + 'a' + ')'.repeat(600),
      `error parsing regexp: expression nests too deeply: \`${'('.repeat(600)}a${')'.repeat(600)}\``,
    ],
    ['^ok$', undefined],
  ])("%s is answered with Go's words", (pattern, message) => {
    expect(patternError(pattern)).toBe(message);
  });

  it('is not slowed down by patterns that make a backtracking engine hang', () => {
    const took = cpuTimeOf(() => {
      expect(matchesPattern('^(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false);
      expect(matchesPattern('^(a|aa)+$', `${'a'.repeat(50_000)}!`)).toBe(false);
      expect(matchesPattern('(x+x+)+y', 'x'.repeat(10_000))).toBe(false);
    });
    expect(took).toBeLessThan(3000);
  });

  it('gives up on work that would take long', () => {
    expect(matchesPattern('(a?){1000}b', 'a'.repeat(100_000))).toBeUndefined();
  });
});
