import { isJsonObject, type JsonObject } from './json-value.ts';
import { PatchError, patchResult, type PatchResult } from './patch-result.ts';

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. */
export function applyMergePatch(current: unknown, patch: unknown): PatchResult {
  return patchResult(() => {
    if (!isJsonObject(patch)) throw new PatchError('BadRequest', 'a merge patch must be a JSON object');
    return merged(current, patch);
  });
}

/** Entries instead of assignments, so that a key `__proto__` stays a key. */
function merged(current: unknown, patch: JsonObject): JsonObject {
  const result = new Map(isJsonObject(current) ? Object.entries(current) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, isJsonObject(value) ? merged(result.get(name), value) : value);
  }
  return Object.fromEntries(result);
}
