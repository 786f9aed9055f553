/** `.spec.replicas` → spec, replicas: the paths of custom resources that name fields and nothing else. */
export const fieldNames = (path: string): readonly string[] => path.replace(/^\./, '').split('.');

/** What stands there; undefined where nothing does. */
export const valueAt = (object: unknown, names: readonly string[]): unknown =>
  names.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    object,
  );

/** The object with another value there; objects on the way are made. */
export function withValueAt<T extends object>(object: T, [name, ...deeper]: readonly string[], value: unknown): T {
  if (name === undefined) return object;
  const child = valueAt(object, [name]);
  const inner = typeof child === 'object' && child !== null ? child : {};
  return { ...object, [name]: deeper.length === 0 ? value : withValueAt(inner, deeper, value) };
}
