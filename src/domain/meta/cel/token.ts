import { ExpressionError } from './cel-error.ts';
import { readText } from './text-literal.ts';
import { Uint, type Value } from './value.ts';

/** A piece of an expression's text. */
export type Token = { readonly offset: number; readonly text: string } & (
  | { readonly kind: 'name' | 'quotedName' | 'symbol' | 'end' }
  | { readonly kind: 'literal'; readonly value: Value }
);

const blank = /(?:[\t\n\f\r ]+|\/\/[^\n]*)*/y;
const text = /([rRbB]{0,2})('''|"""|'|")/y;
const number =
  /0[xX]([0-9a-fA-F]+)([uU]?)|(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)|(\d+)([uU]?)/y;
const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const quotedName = /`([a-zA-Z0-9_.\-/ ]+)`/y;
const symbol = /&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y;

/** Divides the text; throws ExpressionError where it is none of CEL's (cel-spec doc/langdef.md, Syntax). */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const at = (pattern: RegExp, offset: number): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(source);
  };
  for (let offset = 0; ;) {
    offset += at(blank, offset)![0].length;
    if (offset >= source.length) return [...tokens, { kind: 'end', offset, text: '<EOF>' }];
    const token = tokenAt(offset);
    if (!token) throw new ExpressionError(`Syntax error: token recognition error at: '${source[offset]}'`, offset);
    tokens.push(token);
    offset += token.text.length;
  }

  function tokenAt(offset: number): Token | undefined {
    const opening = at(text, offset);
    if (opening) return { kind: 'literal', offset, ...readText(source, offset, opening[1]!, opening[2]!) };
    const digits = at(number, offset);
    if (digits) return { kind: 'literal', offset, text: digits[0], value: numberOf(digits, offset) };
    const quoted = at(quotedName, offset);
    if (quoted) return { kind: 'quotedName', offset, text: quoted[0] };
    const word = at(name, offset)?.[0];
    if (word !== undefined) return { kind: 'name', offset, text: word };
    const sign = at(symbol, offset)?.[0];
    return sign === undefined ? undefined : { kind: 'symbol', offset, text: sign };
  }
}

function numberOf([all, hex, hexMark, decimal, mark]: RegExpExecArray, offset: number): Value {
  const digits = hex === undefined ? decimal : `0x${hex}`;
  if (digits === undefined) return Number(all);
  if (digits.length > 40) throw new ExpressionError('Syntax error: invalid int literal', offset);
  const value = BigInt(digits);
  const isUnsigned = Boolean(hexMark || mark);
  // One more than the largest int is only allowed after a minus, which the parser knows.
  if (value > (isUnsigned ? 2n ** 64n - 1n : 2n ** 63n))
    throw new ExpressionError(`Syntax error: invalid ${isUnsigned ? 'uint' : 'int'} literal`, offset);
  return isUnsigned ? new Uint(value) : value;
}
