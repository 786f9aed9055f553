/** The key that tells elements of one list apart: a scalar itself, or an object's merge key. */
export type KeyOf = (element: unknown) => unknown;

/**
 * Puts a merged list in order. Elements that `order` names follow it; the others keep their place relative to each other and, as far as
 * that allows, to the live list (apimachinery strategicpatch normalizeElementOrder; the order of the patch counts more than the live one).
 */
export function inElementOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
  keyOf: KeyOf,
): unknown[] {
  const wanted = positions(order, keyOf);
  const named = merged.filter((element) => wanted.has(keyOf(element)));
  const others = merged.filter((element) => !wanted.has(keyOf(element)));
  const place = (element: unknown) => wanted.get(keyOf(element)) ?? 0;
  return interleaved(
    others,
    named.toSorted((a, b) => place(a) - place(b)),
    positions(live, keyOf),
    keyOf,
  );
}

/** An element of `left` goes before one of `right` only when the live list has both, in that order. */
function interleaved(
  left: readonly unknown[],
  right: readonly unknown[],
  live: ReadonlyMap<unknown, number>,
  keyOf: KeyOf,
): unknown[] {
  const result: unknown[] = [];
  let nextLeft = 0;
  for (const element of right) {
    const rightPlace = live.get(keyOf(element));
    while (nextLeft < left.length && comesBefore(live.get(keyOf(left[nextLeft])), rightPlace))
      result.push(left[nextLeft++]);
    result.push(element);
  }
  return [...result, ...left.slice(nextLeft)];
}

function comesBefore(left: number | undefined, right: number | undefined): boolean {
  return left !== undefined && right !== undefined && left < right;
}

/** Where each key first stands. */
function positions(list: readonly unknown[], keyOf: KeyOf): Map<unknown, number> {
  const places = new Map<unknown, number>();
  for (const [index, element] of list.entries()) if (!places.has(keyOf(element))) places.set(keyOf(element), index);
  return places;
}
