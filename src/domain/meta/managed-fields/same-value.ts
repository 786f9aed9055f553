import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import type { MergeType } from './merge-type.ts';

/** Equal, order of lists included, where what is never absent may be there or not. */
export function sameValue(a: unknown, b: unknown, type: MergeType | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index], type?.list?.element));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => {
    const field = type?.map?.field(name);
    const [left, right] = [own(a, name, field?.empty), own(b, name, field?.empty)];
    return sameValue(left, right, field?.type ?? type?.map?.element);
  });
}

function own(object: JsonObject, name: string, empty: unknown): unknown {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value === undefined ? empty : value;
}
