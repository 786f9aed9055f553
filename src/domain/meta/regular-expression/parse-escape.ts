import { perlClass, singleCharacter, unicodeClass, type CharacterSet } from './character-set.ts';
import { PatternError } from './pattern-node.ts';
import type { PatternReader } from './pattern-reader.ts';

const controls: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** The characters that an escape stands for, inside of brackets and outside. The reader is at the backslash. */
export function parseEscape(reader: PatternReader, ignoresCase: boolean): CharacterSet {
  const { rest } = reader;
  const [text, hexShort, hexLong, octal, property] =
    /^\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|(0[0-7]{0,2}|[1-7][0-7]{1,2})|([pP](?:[A-Za-z]|\{\^?[^}]{0,40}\})))/.exec(
      rest,
    ) ?? [rest.slice(0, 2)];
  if (rest.length < 2) throw new PatternError('trailing backslash at end of expression', '');
  reader.take(text);
  if (property !== undefined) return parseProperty(property);
  const code = hexShort ?? hexLong;
  if (code !== undefined && parseInt(code, 16) <= 0x10ffff) return singleCharacter(parseInt(code, 16), ignoresCase);
  if (octal !== undefined) return singleCharacter(parseInt(octal, 8), ignoresCase);
  const letter = text[1]!;
  const known = perlClass(letter);
  if (known !== undefined) return known;
  if (Object.hasOwn(controls, letter)) return singleCharacter(controls[letter]!, ignoresCase);
  if (/^[!-/:-@[-`{-~]$/.test(letter)) return singleCharacter(letter.codePointAt(0)!, ignoresCase);
  throw new PatternError('invalid escape sequence', text);
}

/** `pL`, `P{Greek}`, `p{^Lu}` */
function parseProperty(text: string): CharacterSet {
  const name = text.slice(1).replace(/^\{(.*)\}$/, '$1');
  const isNegated = text.startsWith('P') !== name.startsWith('^');
  const set = unicodeClass(name.replace(/^\^/, ''), isNegated);
  if (set === undefined) throw new PatternError('invalid character class range', `\\${text}`);
  return set;
}
