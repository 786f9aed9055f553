import { Uint, type MapKey, type MapValue, type Value } from './value.ts';

/** The text under which a key is found: numbers of equal value are one key. Undefined is no key of any map. */
export function keyText(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'bigint') return `n${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (key instanceof Uint) return `n${key.value}`;
  return typeof key === 'number' && Number.isInteger(key) ? `n${BigInt(key)}` : undefined;
}

/** A map that an expression made. */
export function mapOf(entries: Iterable<readonly [key: Value, value: Value]>): MapValue {
  const byText = new Map<string, readonly [MapKey, Value]>();
  for (const [key, value] of entries) {
    const text = keyText(key);
    if (text !== undefined) byText.set(text, [key as MapKey, value]);
  }
  return {
    isMap: true,
    size: byText.size,
    get: (key) => byText.get(keyText(key) ?? '')?.[1],
    keys: () => [...byText.values()].map(([key]) => key),
  };
}

/** A view of a JSON object as a map from text. */
export const jsonMap = (json: Readonly<Record<string, unknown>>, read: (value: unknown) => Value): MapValue => ({
  isMap: true,
  get size() {
    return Object.keys(json).length;
  },
  get: (key) => (typeof key === 'string' && Object.hasOwn(json, key) ? read(json[key]) : undefined),
  keys: () => Object.keys(json),
});
