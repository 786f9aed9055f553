/** Which characters (code points) one place of a pattern takes. */
export type CharacterSet = {
  readonly isNegated: boolean;
  /** Both ends included. */
  readonly ranges: readonly (readonly [low: number, high: number])[];
  /** Sets inside a set: `[\d\pL]`. */
  readonly inner: readonly CharacterSet[];
  /** A class of Unicode, `\pL`. */
  readonly unicode?: RegExp;
  readonly ignoresCase: boolean;
};

export const setOf = (
  ranges: CharacterSet['ranges'],
  rest: Partial<Omit<CharacterSet, 'ranges'>> = {},
): CharacterSet => ({ isNegated: false, inner: [], ignoresCase: false, ...rest, ranges });

export const singleCharacter = (code: number, ignoresCase: boolean): CharacterSet =>
  setOf([[code, code]], { ignoresCase });

const code = (character: string): number => character.codePointAt(0)!;
const range = (low: string, high: string): readonly [number, number] => [code(low), code(high)];

const digit = [range('0', '9')];
const lower = range('a', 'z');
const upper = range('A', 'Z');
const word = [...digit, lower, upper, range('_', '_')];
const space = [range('\t', '\n'), range('\f', '\r'), range(' ', ' ')];

/** `\d`, `\s`, `\w` are ASCII in Go; the capital letter is the rest. */
export function perlClass(letter: string): CharacterSet | undefined {
  const ranges = { d: digit, s: space, w: word }[letter.toLowerCase()];
  return ranges && setOf(ranges, { isNegated: letter < 'a' });
}

const printable = range('!', '~');
const posixRanges: Readonly<Record<string, CharacterSet['ranges']>> = {
  alnum: [...digit, lower, upper],
  alpha: [lower, upper],
  ascii: [[0, 0x7f]],
  blank: [range('\t', '\t'), range(' ', ' ')],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit,
  graph: [printable],
  lower: [lower],
  print: [range(' ', '~')],
  punct: [range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')],
  space: [range('\t', '\r'), range(' ', ' ')],
  upper: [upper],
  word,
  xdigit: [...digit, range('a', 'f'), range('A', 'F')],
};

/** `[:alpha:]`, `[:^alpha:]`; undefined for names that there are not. */
export function posixClass(text: string): CharacterSet | undefined {
  const isNegated = text.startsWith('^');
  const name = isNegated ? text.slice(1) : text;
  return Object.hasOwn(posixRanges, name) ? setOf(posixRanges[name]!, { isNegated }) : undefined;
}

/** `L`, `Lu`, `Greek`; undefined for classes that Unicode does not have. */
export function unicodeClass(name: string, isNegated: boolean): CharacterSet | undefined {
  if (!/^[A-Za-z_]{1,40}$/.test(name)) return undefined;
  for (const property of name === 'Any' ? ['Any'] : [`General_Category=${name}`, `Script=${name}`]) {
    try {
      return setOf([], { isNegated, unicode: new RegExp(String.raw`^\p{${property}}$`, 'u') });
    } catch {
      // V8 does not know it as this; perhaps as the other.
    }
  }
  return undefined;
}

export const isWordCharacter = (character: number): boolean => contains(wordSet, character);
const wordSet = setOf(word);

export function contains(set: CharacterSet, character: number): boolean {
  const isIn = (one: number): boolean =>
    set.ranges.some(([low, high]) => one >= low && one <= high) ||
    set.inner.some((inner) => contains(inner, one)) ||
    set.unicode?.test(String.fromCodePoint(one)) === true;
  const found = isIn(character) || (set.ignoresCase && otherCases(character).some(isIn));
  return found !== set.isNegated;
}

function otherCases(character: number): number[] {
  const text = String.fromCodePoint(character);
  return [text.toLowerCase(), text.toUpperCase()]
    .filter((other) => other !== text && Array.from(other).length === 1)
    .map((other) => other.codePointAt(0)!);
}
