import { setOf, singleCharacter, type CharacterSet } from './character-set.ts';
import { parseCharacterClass } from './parse-character-class.ts';
import { parseEscape } from './parse-escape.ts';
import { PatternError, type Assertion, type PatternNode } from './pattern-node.ts';
import { PatternReader } from './pattern-reader.ts';

type Flags = { readonly ignoresCase: boolean; readonly isMultiline: boolean; readonly dotTakesLineFeed: boolean };

const noFlags: Flags = { ignoresCase: false, isMultiline: false, dotTakesLineFeed: false };

/** Go's own bounds (regexp/syntax/parse.go maxHeight, and 1000 for counts). */
const maxDepth = 500;
const maxCount = 1000;

/** Reads a pattern in Go's syntax, which is RE2's; throws PatternError. */
export function parsePattern(text: string): PatternNode {
  const reader = new PatternReader(text);
  const node = parseAlternatives(reader, { ...noFlags }, 0);
  if (!reader.isAtEnd) throw new PatternError('unexpected )', text);
  return node;
}

/** Flags inside a group, `(?i)`, hold until its end, hence the place where they can change. */
type Scope = { -readonly [Flag in keyof Flags]: boolean };

function parseAlternatives(reader: PatternReader, scope: Scope, depth: number): PatternNode {
  if (depth > maxDepth) throw new PatternError('expression nests too deeply', reader.text);
  const options = [parseSequence(reader, scope, depth)];
  while (reader.take('|')) options.push(parseSequence(reader, scope, depth));
  return options.length === 1 ? options[0]! : { kind: 'alternatives', options };
}

function parseSequence(reader: PatternReader, scope: Scope, depth: number): PatternNode {
  const parts: PatternNode[] = [];
  while (!reader.isAtEnd && reader.peek !== '|' && reader.peek !== ')') {
    const atom = parseAtom(reader, scope, depth);
    if (atom !== undefined) parts.push(parseRepetition(reader, atom));
  }
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}

/** Undefined for what only sets flags. */
function parseAtom(reader: PatternReader, scope: Scope, depth: number): PatternNode | undefined {
  if (reader.take('(')) return parseGroup(reader, scope, depth);
  if (reader.take('[')) return characters(parseCharacterClass(reader, scope.ignoresCase));
  if (reader.take('.')) return characters(scope.dotTakesLineFeed ? anything : anythingButLineFeed);
  if (reader.take('^')) return assertion(scope.isMultiline ? 'lineStart' : 'textStart');
  if (reader.take('$')) return assertion(scope.isMultiline ? 'lineEnd' : 'textEnd');
  if (reader.take('\\Q')) return literal(reader.takeUntil('\\E'), scope.ignoresCase);
  const repetition = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(reader.rest)?.[0];
  if (repetition !== undefined) throw new PatternError('missing argument to repetition operator', repetition);
  if (reader.peek === '\\') return parseEscapedAtom(reader, scope);
  return characters(singleCharacter(reader.takeCharacter(), scope.ignoresCase));
}

const anything = setOf([], { isNegated: true });
const anythingButLineFeed = setOf([[10, 10]], { isNegated: true });

const characters = (set: CharacterSet): PatternNode => ({ kind: 'characters', set });
const assertion = (holds: Assertion): PatternNode => ({ kind: 'assertion', holds });
const literal = (text: string, ignoresCase: boolean): PatternNode => ({
  kind: 'sequence',
  parts: Array.from(text, (one) => characters(singleCharacter(one.codePointAt(0)!, ignoresCase))),
});

const escapedAssertions: readonly (readonly [text: string, holds: Assertion])[] = [
  ['\\A', 'textStart'],
  ['\\z', 'textEnd'],
  ['\\b', 'wordBoundary'],
  ['\\B', 'noWordBoundary'],
];

function parseEscapedAtom(reader: PatternReader, { ignoresCase }: Scope): PatternNode {
  for (const [text, holds] of escapedAssertions) if (reader.take(text)) return assertion(holds);
  return characters(parseEscape(reader, ignoresCase));
}

function parseGroup(reader: PatternReader, scope: Scope, depth: number): PatternNode | undefined {
  const inner = { ...scope };
  if (reader.peek === '?') {
    const head = /^\?(?:P?<([A-Za-z_]\w*)>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(reader.rest);
    if (head === null || head[0] === '?)')
      throw new PatternError('invalid or unsupported Perl syntax', `(${reader.rest.slice(0, 2)}`);
    reader.take(head[0]);
    if (head[3] === ')') return setFlags(scope, head[2]!);
    if (head[2] !== undefined) setFlags(inner, head[2]);
  }
  const node = parseAlternatives(reader, inner, depth + 1);
  if (!reader.take(')')) throw new PatternError('missing closing )', reader.text);
  return node;
}

function setFlags(scope: Scope, flags: string): undefined {
  const [on = '', off = ''] = flags.split('-');
  const changed = (flag: string, now: boolean) => (off.includes(flag) ? false : on.includes(flag) || now);
  scope.ignoresCase = changed('i', scope.ignoresCase);
  scope.isMultiline = changed('m', scope.isMultiline);
  scope.dotTakesLineFeed = changed('s', scope.dotTakesLineFeed);
}

function parseRepetition(reader: PatternReader, node: PatternNode): PatternNode {
  const operator = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/.exec(reader.rest);
  if (operator === null) return node;
  const [text, sign, from, comma, to, lazy] = operator;
  const isLazy = lazy === '?';
  reader.take(text);
  const next = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(reader.rest)?.[0];
  if (next !== undefined) throw new PatternError('invalid nested repetition operator', text + next);
  if (sign !== undefined)
    return { kind: 'repeat', node, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity, isLazy };
  const least = Number(from);
  const most = comma === '' ? least : to === '' ? Infinity : Number(to);
  if (least > maxCount || (most > maxCount && most !== Infinity) || most < least)
    throw new PatternError('invalid repeat count', text);
  return { kind: 'repeat', node, least, most, isLazy };
}
