import { posixClass, setOf, type CharacterSet } from './character-set.ts';
import { parseEscape } from './parse-escape.ts';
import { PatternError } from './pattern-node.ts';
import type { PatternReader } from './pattern-reader.ts';

/** What stands in brackets, `[^a-z\d[:punct:]]`. The reader is behind the opening one. */
export function parseCharacterClass(reader: PatternReader, ignoresCase: boolean): CharacterSet {
  const isNegated = reader.take('^');
  const ranges: [number, number][] = [];
  const inner: CharacterSet[] = [];
  for (let isFirst = true; isFirst || !reader.take(']'); isFirst = false) {
    if (reader.isAtEnd) throw new PatternError('missing closing ]', reader.text);
    const named = /^\[:(\^?[a-z]{1,10}):\]/.exec(reader.rest);
    if (named !== null) {
      const set = posixClass(named[1]!);
      if (set === undefined) throw new PatternError('invalid character class range', named[0]);
      reader.take(named[0]);
      inner.push(set);
      continue;
    }
    const low = parseMember(reader);
    if (typeof low !== 'number') inner.push(low);
    else ranges.push([low, parseRangeEnd(reader, low)]);
  }
  return setOf(ranges, { isNegated, inner, ignoresCase });
}

/** One character, or a whole set such as `\d`. */
function parseMember(reader: PatternReader): number | CharacterSet {
  if (reader.peek !== '\\') return reader.takeCharacter();
  const set = parseEscape(reader, false);
  const only = set.ranges.length === 1 && !set.isNegated && set.inner.length === 0 ? set.ranges[0] : undefined;
  return only !== undefined && only[0] === only[1] ? only[0] : set;
}

/** A hyphen before the closing bracket is itself. */
function parseRangeEnd(reader: PatternReader, low: number): number {
  if (!/^-[^\]]/.test(reader.rest)) return low;
  reader.take('-');
  const high = parseMember(reader);
  if (typeof high !== 'number' || high < low)
    throw new PatternError('invalid character class range', `${String.fromCodePoint(low)}-${rangeEndText(high)}`);
  return high;
}

const rangeEndText = (high: number | CharacterSet): string =>
  typeof high === 'number' ? String.fromCodePoint(high) : '\\';
