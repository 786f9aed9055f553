import { isDeepStrictEqual } from 'node:util';

/** Equal as JSON: a key that is undefined counts as absent. */
export const sameJson = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(withoutUndefined(a), withoutUndefined(b));

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, withoutUndefined(v)]),
  );
}
