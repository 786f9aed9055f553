import { Duration, Timestamp, Uint, type Value } from './value.ts';

/** Below zero, zero or above as `a` comes before, with or after `b`; undefined when they have no order (also NaN). */
export function compareValues(a: Value, b: Value): number | undefined {
  if (isNumeric(a) && isNumeric(b)) return order(amount(a), amount(b));
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Timestamp && b instanceof Timestamp) return order(a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return order(a.nanos, b.nanos);
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) : undefined;
}

const isNumeric = (value: Value): value is bigint | number | Uint =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

const amount = (value: bigint | number | Uint): bigint | number => (value instanceof Uint ? value.value : value);

function order<T extends bigint | number>(a: T, b: T): number | undefined {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number.isNaN(a) || Number.isNaN(b) ? undefined : 0;
}

/** By code points, as Go compares bytes of UTF-8; UTF-16 puts what is beyond the basic plane elsewhere. */
export function compareTexts(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) {
      const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
      return isSurrogate(one) === isSurrogate(other) ? one - other : isSurrogate(one) ? 1 : -1;
    }
  }
  return a.length - b.length;
}
