import { EvaluationError } from './cel-error.ts';
import { Duration, Timestamp } from './value.ts';

const stamp = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/;

/** The years 1 to 9999, as the language bounds them. */
const leastNanos = -62_135_596_800n * 10n ** 9n;
const mostNanos = 253_402_300_800n * 10n ** 9n - 1n;

export function timestampOf(nanos: bigint): Timestamp {
  if (nanos < leastNanos || nanos > mostNanos) throw new EvaluationError('timestamp overflow');
  return new Timestamp(nanos);
}

/** RFC 3339. */
export function parseTimestamp(text: string): Timestamp {
  const [all, year, month, day, hour, minute, second, fraction = '', zone = ''] = stamp.exec(text.slice(0, 64)) ?? [];
  const seconds = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(seconds);
  // Date.UTC takes the years 0 to 99 for those of the last century, and carries the 31st of June over.
  if (Number(year) < 100) date.setUTCFullYear(Number(year));
  if (all === undefined || date.getUTCDate() !== Number(day) || Number(hour) > 23 || Number(second) > 59)
    throw new EvaluationError(`parsing time ${JSON.stringify(text.slice(0, 100))}: invalid timestamp`);
  const offset = /z/i.test(zone) ? 0 : offsetMinutes(zone)!;
  const millis = BigInt(date.getTime() - offset * 60_000);
  return timestampOf(millis * 1_000_000n + BigInt(fraction.padEnd(9, '0')));
}

export function formatTimestamp({ nanos }: Timestamp): string {
  const { seconds, rest } = divided(nanos);
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fractionText(rest)}Z`;
}

/** Rounded towards the past. */
function divided(nanos: bigint): { seconds: bigint; rest: bigint } {
  const rest = ((nanos % 10n ** 9n) + 10n ** 9n) % 10n ** 9n;
  return { seconds: (nanos - rest) / 10n ** 9n, rest };
}

const fractionText = (nanos: bigint): string => {
  const digits = String(nanos).padStart(9, '0').replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
};

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 10n ** 6n,
  s: 10n ** 9n,
  m: 60n * 10n ** 9n,
  h: 3600n * 10n ** 9n,
};

export function durationOf(nanos: bigint): Duration {
  if (nanos < -(2n ** 63n) || nanos >= 2n ** 63n) throw new EvaluationError('integer overflow');
  return new Duration(nanos);
}

/** Go's time.ParseDuration. */
export function parseDuration(text: string): Duration {
  const short = text.slice(0, 200);
  // Both letters mean micro; the Greek one is written as its number, for the bundle has no wide characters.
  const [all, sign, body = ''] =
    /^([+-]?)(0|(?:(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:ns|us|µs|\u03bcs|ms|s|m|h))+)$/.exec(short) ?? [];
  if (all === undefined || short !== text) throw new EvaluationError(`time: invalid duration ${JSON.stringify(short)}`);
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of body.matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|\u03bcs|ms|s|m|h)/g,
  )) {
    const scale = unitNanos[unit]!;
    nanos += BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
  }
  return durationOf(sign === '-' ? -nanos : nanos);
}

/** As cel-go writes one: in seconds. */
export function formatDuration({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / 10n ** 9n}${fractionText(size % 10n ** 9n)}s`;
}

/** Minutes east of UTC of `+01:30` or `-08:00`. */
export function offsetMinutes(zone: string): number | undefined {
  const [all, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (all === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
