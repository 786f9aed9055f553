export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same list when every element stays the same, so that what does not change is shared. */
export function mapElements(list: readonly unknown[], change: (element: unknown, index: number) => unknown): unknown {
  const changed = list.map(change);
  return changed.every((element, index) => element === list[index]) ? list : changed;
}
