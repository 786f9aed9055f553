import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { formatText } from './format-text.ts';
import { ListValue, type Value } from './value.ts';

const outOfRange = (index: bigint) => new EvaluationError(`index out of range: ${index}`);

/** Characters, as Go counts runes; a text of one UTF-16 unit a character is divided without a copy of it. */
function slice(text: string, from: bigint, to?: bigint): string {
  const characters = /[\ud800-\udfff]/.test(text) ? Array.from(text) : undefined;
  const size = BigInt(characters?.length ?? text.length);
  const end = to ?? size;
  if (from < 0n || from > size) throw outOfRange(from);
  if (end < 0n || end > size) throw outOfRange(end);
  if (from > end) throw new EvaluationError(`invalid substring range. start: ${from}, end: ${end}`);
  return characters?.slice(Number(from), Number(end)).join('') ?? text.slice(Number(from), Number(end));
}

function charAt(text: string, index: bigint): string {
  const size = BigInt(Array.from(text).length);
  if (index < 0n || index > size) throw outOfRange(index);
  return index === size ? '' : slice(text, index, index + 1n);
}

const characterIndex = (text: string, unit: number): bigint =>
  BigInt(unit < 0 ? -1 : Array.from(text.slice(0, unit)).length);

function indexOf(text: string, part: string, from: bigint): bigint {
  const before = slice(text, 0n, from);
  return characterIndex(text, text.indexOf(part, before.length));
}

/** V8 searches backwards without any table: as long as both texts multiplied. */
function lastIndexOf(text: string, part: string, from: bigint | undefined, budget: Budget): bigint {
  budget.spend((text.length * part.length) / 5000);
  const before = slice(text, 0n, from);
  return characterIndex(text, text.lastIndexOf(part, before.length));
}

/** The longest text that one of these makes. */
const maxText = 1_000_000;

function replace(text: string, part: string, by: string, most: bigint, budget: Budget): string {
  const pieces = part === '' ? ['', ...Array.from(text), ''] : text.split(part);
  const count = most < 0n ? pieces.length - 1 : Math.min(Number(most), pieces.length - 1);
  const size = text.length + count * by.length;
  budget.spend(size / 10);
  if (size > maxText) throw new EvaluationError('text too long');
  const replaced = pieces.slice(0, count + 1).join(by);
  return [replaced, ...pieces.slice(count + 1)].join(part);
}

function split(text: string, by: string, most: bigint, budget: Budget): ListValue {
  budget.spend(text.length);
  if (most === 0n) return ListValue.of([]);
  const pieces = by === '' ? Array.from(text) : text.split(by);
  if (most < 0n || pieces.length <= Number(most)) return ListValue.of(pieces);
  const kept = pieces.slice(0, Number(most) - 1);
  return ListValue.of([...kept, pieces.slice(Number(most) - 1).join(by)]);
}

function join(list: ListValue, by: string, budget: Budget): string {
  const texts = list.elements().map((element) => {
    if (typeof element !== 'string') throw new EvaluationError('no such overload');
    return element;
  });
  const size = texts.reduce((sum, { length }) => sum + length + by.length, 0);
  budget.spend(list.size + size / 10);
  if (size > maxText) throw new EvaluationError('text too long');
  return texts.join(by);
}

const upperAscii = (text: string): string => text.replaceAll(/[a-z]+/g, (part) => part.toUpperCase());
const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]+/g, (part) => part.toLowerCase());

const quotes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string): string =>
  `"${text.replaceAll(/["\\]|[^\P{Cc}]/gu, (character) => quotes[character] ?? character)}"`;

/** Texts: the standard ones and ext.Strings version 2 (cel-go ext/strings.go). */
export const stringsLibrary = (): readonly Declaration[] => [
  declare('string -> contains(string): bool', (text: string, part: string) => text.includes(part)),
  declare('string -> startsWith(string): bool', (text: string, part: string) => text.startsWith(part)),
  declare('string -> endsWith(string): bool', (text: string, part: string) => text.endsWith(part)),
  declare('string -> charAt(int): string', charAt),
  declare('string -> indexOf(string): int', (text: string, part: string) => characterIndex(text, text.indexOf(part))),
  declare('string -> indexOf(string, int): int', indexOf),
  declare('string -> lastIndexOf(string): int', (text: string, part: string, budget: Budget) =>
    lastIndexOf(text, part, undefined, budget),
  ),
  declare('string -> lastIndexOf(string, int): int', lastIndexOf),
  declare('list<string> -> join(): string', (list: ListValue, budget: Budget) => join(list, '', budget)),
  declare('list<string> -> join(string): string', join),
  declare('string -> lowerAscii(): string', lowerAscii),
  declare('string -> upperAscii(): string', upperAscii),
  declare('string -> replace(string, string): string', (text: string, part: string, by: string, budget: Budget) =>
    replace(text, part, by, -1n, budget),
  ),
  declare('string -> replace(string, string, int): string', replace),
  declare('string -> split(string): list<string>', (text: string, by: string, budget: Budget) =>
    split(text, by, -1n, budget),
  ),
  declare('string -> split(string, int): list<string>', split),
  declare('string -> substring(int): string', (text: string, from: bigint) => slice(text, from)),
  declare('string -> substring(int, int): string', slice),
  declare('string -> trim(): string', (text: string) => text.trim()),
  declare('string -> format(list<dyn>): string', (text: string, args: ListValue, budget: Budget): Value =>
    formatText(text, args, budget),
  ),
  declare('strings.quote(string): string', quote),
];
