import { ExpressionError } from './cel-error.ts';
import type { Value } from './value.ts';

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};

const coded = /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y;

/** Reads a text or bytes that begin here with `quote`; `prefix` is r, b, both or nothing. */
export function readText(source: string, start: number, prefix: string, quote: string): { text: string; value: Value } {
  const isRaw = /r/i.test(prefix);
  const isBytes = /b/i.test(prefix);
  const parts: (string | number)[] = [];
  let at = start + prefix.length + quote.length;
  while (!source.startsWith(quote, at)) {
    const character = source[at];
    if (character === undefined || (quote.length === 1 && (character === '\n' || character === '\r')))
      throw new ExpressionError('Syntax error: unterminated string', start);
    if (character !== '\\' || isRaw) {
      parts.push(character);
      at++;
      if (character === '\\' && source[at] !== undefined) parts.push(source[at++]!);
      continue;
    }
    at += readEscape(at);
  }
  const end = at + quote.length;
  return { text: source.slice(start, end), value: isBytes ? bytesOf(parts) : textOf(parts) };

  function readEscape(offset: number): number {
    const simple = escapes[source[offset + 1] ?? ''];
    if (simple !== undefined) {
      parts.push(simple);
      return 2;
    }
    coded.lastIndex = offset;
    const [all, hex, four, eight, octal] = coded.exec(source) ?? [];
    if (all === undefined) throw new ExpressionError('Syntax error: invalid escape sequence', offset);
    const code = octal === undefined ? Number.parseInt(hex ?? four ?? eight!, 16) : Number.parseInt(octal, 8);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || (isBytes && (four ?? eight) !== undefined))
      throw new ExpressionError('Syntax error: invalid escape sequence', offset);
    // In bytes \xff is one byte, in a text one character.
    parts.push(isBytes ? code : String.fromCodePoint(code));
    return all.length;
  }
}

const textOf = (parts: readonly (string | number)[]): string => parts.join('');

function bytesOf(parts: readonly (string | number)[]): Uint8Array {
  const runs: Buffer[] = [];
  let run = '';
  for (const part of [...parts, 0]) {
    if (typeof part === 'string') {
      run += part;
      continue;
    }
    runs.push(Buffer.from(run), Buffer.from([part]));
    run = '';
  }
  return new Uint8Array(Buffer.concat(runs).subarray(0, -1));
}
