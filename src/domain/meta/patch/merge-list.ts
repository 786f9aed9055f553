import { inElementOrder, type KeyOf } from './element-order.ts';
import { goFormat } from './go-format.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { patchDirective, withoutDirectives } from './patch-directives.ts';
import { PatchError } from './patch-result.ts';

export type ListMerge = {
  /** The field that tells elements apart; none for lists of scalars. */
  readonly mergeKey: string | undefined;
  readonly mergeElements: (current: JsonObject, patch: JsonObject) => JsonObject;
};

/** Merges a list whose strategy is `merge`: scalars into a set, objects by their merge key. Patched elements take the patch's order. */
export function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  merge: ListMerge,
): readonly unknown[] {
  if (!holdsObjects([...current, ...patch])) {
    const scalars = [...new Set([...current, ...patch])];
    return inElementOrder(scalars, patch, current, (element) => element);
  }
  const keyOf = elementKey(merge.mergeKey);
  const { replaces, deleted, elements } = readElements(patch.filter(isJsonObject), keyOf);
  if (replaces) return elements.map(withoutDirectives);
  const kept = current.filter((element) => !deleted.has(keyOf(element)));
  return inElementOrder(mergeElements(kept, elements, keyOf, merge), elements, kept, keyOf);
}

/** Puts a list in the order that `$setElementOrder` asks for, after checking that what was patched follows it too. */
export function orderList(
  merged: readonly unknown[],
  order: readonly unknown[],
  patch: readonly unknown[],
  live: readonly unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const keyOf = holdsObjects([...merged, ...order]) ? elementKey(mergeKey) : (element: unknown) => element;
  checkOrder(
    patch.filter((element) => !isSpecial(element)),
    order,
    keyOf,
  );
  return inElementOrder(merged, order, live, keyOf);
}

function mergeElements(
  kept: readonly unknown[],
  elements: readonly JsonObject[],
  keyOf: KeyOf,
  merge: ListMerge,
): unknown[] {
  const merged = [...kept];
  const places = new Map<unknown, number>();
  for (const [index, element] of kept.entries()) if (!places.has(keyOf(element))) places.set(keyOf(element), index);
  for (const element of elements) {
    const place = places.get(keyOf(element));
    if (place === undefined) places.set(keyOf(element), merged.push(withoutDirectives(element)) - 1);
    else merged[place] = merge.mergeElements(asObject(merged[place]), element);
  }
  return merged;
}

function readElements(patch: readonly JsonObject[], keyOf: KeyOf) {
  const deleted = new Set<unknown>();
  const elements: JsonObject[] = [];
  let replaces = false;
  for (const element of patch) {
    const directive = element[patchDirective];
    if (directive === undefined) elements.push(element);
    else if (directive === 'delete') deleted.add(keyOf(element));
    else if (directive === 'replace') replaces = true;
    else if (directive === 'merge')
      throw new PatchError('BadRequest', 'merging lists cannot yet be specified in the patch');
    else throw new PatchError('BadRequest', `unknown patch type: ${goFormat(directive)} in map: ${goFormat(element)}`);
  }
  return { replaces, deleted, elements };
}

/** Whether the elements are objects; they must be all of one type, and no lists. */
function holdsObjects(elements: readonly unknown[]): boolean {
  const types = new Set(
    elements.map((element) => (Array.isArray(element) ? 'list' : isJsonObject(element) ? 'object' : typeof element)),
  );
  if (types.has('list')) throw new PatchError('Invalid', 'lists of lists are not supported');
  if (types.size > 1) throw new PatchError('BadRequest', `list element types are not identical: ${goFormat(elements)}`);
  return types.has('object');
}

function elementKey(mergeKey: string | undefined): KeyOf {
  if (mergeKey === undefined)
    throw new PatchError('BadRequest', 'cannot merge lists without merge key for type struct');
  return (element) => {
    const key = isJsonObject(element) && Object.hasOwn(element, mergeKey) ? element[mergeKey] : undefined;
    if (key !== undefined) return key;
    throw new PatchError('BadRequest', `map: ${goFormat(element)} does not contain declared merge key: ${mergeKey}`);
  };
}

/** The patched elements must stand in `order`, each after the one before it. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], keyOf: KeyOf): void {
  if (order.length === 0) return;
  let next = 0;
  for (const element of order) if (next < patch.length && keyOf(patch[next]) === keyOf(element)) next++;
  if (next === patch.length) return;
  throw new PatchError(
    'BadRequest',
    `The order in patch list:\n${goFormat(patch)}\n doesn't match $setElementOrder list:\n${goFormat(order)}\n`,
  );
}

function isSpecial(element: unknown): boolean {
  return isJsonObject(element) && Object.hasOwn(element, patchDirective);
}

function asObject(element: unknown): JsonObject {
  return isJsonObject(element) ? element : {};
}
