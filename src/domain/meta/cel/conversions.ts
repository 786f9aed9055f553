import type { Budget } from './budget.ts';
import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp, timestampOf } from './time-text.ts';
import { codePoints } from './code-points.ts';
import {
  kindOf,
  ObjectValue,
  TypeValue,
  Uint,
  type Duration,
  type ListValue,
  type MapValue,
  type Opaque,
  type Timestamp,
  type Value,
} from './value.ts';

function toInt(value: bigint): bigint {
  if (value < -(2n ** 63n) || value >= 2n ** 63n) throw new EvaluationError('integer overflow');
  return value;
}

function toUint(value: bigint): Uint {
  if (value < 0n || value >= 2n ** 64n) throw new EvaluationError('unsigned integer overflow');
  return new Uint(value);
}

function truncated(value: number): bigint {
  if (!Number.isFinite(value)) throw new EvaluationError('integer overflow');
  return BigInt(Math.trunc(value));
}

function parseWhole(text: string, what: string): bigint {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw new EvaluationError(`type conversion error from 'string' to '${what}'`);
  return BigInt(text.replace(/^\+/, ''));
}

function parseDouble(text: string): number {
  const known = /^[+-]?(?:inf(?:inity)?|nan)$/i.exec(text)
    ? text.toLowerCase().replace(/inf(inity)?/, 'Infinity')
    : text;
  if (text.length > 400 || !/^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|Infinity|nan)$/i.test(known))
    throw new EvaluationError("type conversion error from 'string' to 'double'");
  return Number(known);
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  t: true,
  '1': true,
  false: false,
  False: false,
  FALSE: false,
  f: false,
  '0': false,
};

function parseBool(text: string): boolean {
  const known = Object.hasOwn(truths, text) ? truths[text] : undefined;
  if (known === undefined) throw new EvaluationError("type conversion error from 'string' to 'bool'");
  return known;
}

/** As Go prints a double in its shortest form. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const celTypes: Readonly<Record<string, string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
};

const typeOf = (value: Value): TypeValue => {
  const kind = value instanceof ObjectValue ? value.typeName : kindOf(value);
  return new TypeValue(celTypes[kind] ?? kind);
};

/** Conversions and sizes (cel-spec doc/langdef.md, List of Standard Definitions). */
export const conversions = (): readonly Declaration[] => [
  declare('int(int): int', (value: bigint) => value),
  declare('int(uint): int', ({ value }: Uint) => toInt(value)),
  declare('int(double): int', (value: number) => toInt(truncated(value))),
  declare('int(string): int', (text: string) => toInt(parseWhole(text, 'int'))),
  declare('int(timestamp): int', ({ nanos }: Timestamp) => BigInt(Math.floor(Number(nanos / 1_000_000n) / 1000))),
  declare('int(duration): int', ({ nanos }: Duration) => nanos),
  declare('uint(uint): uint', (value: Uint) => value),
  declare('uint(int): uint', toUint),
  declare('uint(double): uint', (value: number) => toUint(truncated(value))),
  declare('uint(string): uint', (text: string) => toUint(parseWhole(text, 'uint'))),
  declare('double(double): double', (value: number) => value),
  declare('double(int): double', (value: bigint) => Number(value)),
  declare('double(uint): double', ({ value }: Uint) => Number(value)),
  declare('double(string): double', parseDouble),
  declare('string(string): string', (text: string) => text),
  declare('string(bool): string', String),
  declare('string(int): string', String),
  declare('string(uint): string', ({ value }: Uint) => String(value)),
  declare('string(double): string', formatDouble),
  declare('string(bytes): string', textOfBytes),
  declare('string(timestamp): string', formatTimestamp),
  declare('string(duration): string', formatDuration),
  ...['net.IP', 'net.CIDR'].map((type) => declare(`string(${type}): string`, ({ identity }: Opaque) => identity)),
  declare('bytes(bytes): bytes', (value: Uint8Array) => value),
  declare('bytes(string): bytes', (text: string) => new Uint8Array(Buffer.from(text))),
  declare('bool(bool): bool', (value: boolean) => value),
  declare('bool(string): bool', parseBool),
  declare('timestamp(timestamp): timestamp', (value: Timestamp) => value),
  declare('timestamp(string): timestamp', parseTimestamp),
  declare('timestamp(int): timestamp', (seconds: bigint) => timestampOf(seconds * 10n ** 9n)),
  declare('duration(duration): duration', (value: Duration) => value),
  declare('duration(string): duration', parseDuration),
  declare('dyn(A): dyn', (value: Value) => value),
  declare('type(A): type', typeOf),
  ...sized.flatMap(([type, sizeOf]) => [
    declare(`size(${type}): int`, sizeOf),
    declare(`${type} -> size(): int`, sizeOf),
  ]),
];

const sized: readonly (readonly [type: string, sizeOf: (value: Value, budget: Budget) => bigint])[] = [
  ['string', (text) => BigInt(codePoints(text as string))],
  ['bytes', (bytes) => BigInt((bytes as Uint8Array).length)],
  ['list<A>', (list) => BigInt((list as ListValue).size)],
  [
    'map<K, V>',
    (map, budget) => {
      const { size } = map as MapValue;
      // Counting the keys of a large JSON object takes longer than a step.
      budget.spend(2 * size);
      return BigInt(size);
    },
  ],
];
