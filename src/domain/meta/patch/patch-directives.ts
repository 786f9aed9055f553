import { isJsonObject, type JsonObject } from './json-value.ts';
import { PatchError } from './patch-result.ts';

/** The keys by which a strategic merge patch says more than values can (apimachinery pkg/util/strategicpatch/patch.go). */
export const patchDirective = '$patch';
const retainKeys = '$retainKeys';
const deleteFromPrimitiveList = '$deleteFromPrimitiveList/';
const setElementOrder = '$setElementOrder/';

export type PatchMember =
  | { readonly kind: 'value'; readonly field: string; readonly value: unknown }
  | { readonly kind: 'deleteFromList'; readonly field: string; readonly values: readonly unknown[] }
  | { readonly kind: 'order'; readonly field: string; readonly order: readonly unknown[] };

/** The members of an object in a patch, without `$patch` and `$retainKeys`. */
export function patchMembers(patch: JsonObject): PatchMember[] {
  return Object.entries(patch).flatMap(([name, value]): PatchMember[] => {
    if (name === patchDirective || name === retainKeys) return [];
    if (name.startsWith(deleteFromPrimitiveList)) {
      if (!Array.isArray(value)) throw new PatchError('BadRequest', 'invalid patch format of primitive list');
      return [{ kind: 'deleteFromList', field: name.slice(deleteFromPrimitiveList.length), values: value }];
    }
    if (name.startsWith(setElementOrder)) {
      if (!Array.isArray(value)) throw new PatchError('BadRequest', 'invalid patch format of setElementOrder list');
      return [{ kind: 'order', field: name.slice(setElementOrder.length), order: value }];
    }
    return [{ kind: 'value', field: name, value }];
  });
}

/** The entries that `$retainKeys` leaves of the current object: all of them where the patch has no such directive. */
export function retainedEntries(current: JsonObject, patch: JsonObject): [string, unknown][] {
  const retained = patch[retainKeys];
  if (retained === undefined) return Object.entries(current);
  if (!Array.isArray(retained)) throw new PatchError('BadRequest', 'invalid patch format of retainKeys');
  const kept = new Set<unknown>(retained);
  const strays = patchMembers(patch).some(
    (member) => member.kind === 'value' && member.value !== null && !kept.has(member.field),
  );
  if (strays) throw new PatchError('BadRequest', 'invalid patch format of retainKeys');
  return Object.entries(current).filter(([name]) => kept.has(name));
}

/** A value of a patch where there is nothing to merge it with: without directives, without the nulls and elements that only delete. */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((element) => !isDirectiveElement(element)).map(withoutDirectives);
  if (!isJsonObject(value)) return value;
  if (value[patchDirective] === 'delete') return {};
  const members = patchMembers(value).filter((member) => member.kind === 'value' && member.value !== null);
  return Object.fromEntries(
    members.map((member) => [member.field, member.kind === 'value' ? withoutDirectives(member.value) : null]),
  );
}

function isDirectiveElement(element: unknown): boolean {
  return isJsonObject(element) && Object.hasOwn(element, patchDirective);
}
