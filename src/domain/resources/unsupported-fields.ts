/**
 * A field that is accepted and kept although k2d does not act on it yet. `path` starts below the checked value, `[*]` stands for
 * every element; `only` narrows it to one value, `unless` spares one, which is what leaving the field out means.
 */
export type UnsupportedField = {
  path: string;
  only?: unknown;
  unless?: unknown;
  /** Completes `k2d does not … yet`. */
  what: string;
  /** What comes of it; nothing when left out. */
  effect?: string;
};

/** More than anybody reads; a hostile object has more containers. */
export const mostWarnings = 50;

/** One line for each such field of the value; `root` is the value's own path. */
export const warnOfUnsupported = (fields: readonly UnsupportedField[], value: unknown, root: string): string[] =>
  fields
    .flatMap((field) =>
      found(value, root, field.path.split('.'))
        .filter((place) => concerns(field, place.value))
        .map(
          (place) =>
            `${place.path}: k2d does not ${field.what} yet; ${field.effect ?? 'the field is kept and has no effect'}`,
        ),
    )
    .slice(0, mostWarnings);

type Place = { path: string; value: unknown };

const concerns = ({ only, unless }: UnsupportedField, value: unknown): boolean =>
  value !== undefined && (only === undefined || value === only) && (unless === undefined || value !== unless);

function found(value: unknown, path: string, [step, ...rest]: readonly string[]): Place[] {
  if (step === undefined) return [{ path, value }];
  const [, name = '', each] = /^(.*?)(\[\*\])?$/.exec(step) ?? [];
  const child = childOf(value, name);
  if (child === undefined) return [];
  if (!each) return found(child, `${path}.${name}`, rest);
  return Array.isArray(child)
    ? child.flatMap((element: unknown, index) => found(element, `${path}.${name}[${index}]`, rest))
    : [];
}

const childOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
