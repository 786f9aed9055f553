import { goJson } from './go-json.ts';

/**
 * One step from an object to a field inside it, written as the keys of `fieldsV1` are: `f:` and the name of a struct's field or a map's key,
 * `k:` and the JSON of the key fields of a list's element, `v:` and the JSON of an element of a set, `i:` and an index. Equal steps are equal
 * text (structured-merge-diff fieldpath/serialize-pe.go).
 */
export const fieldElement = (name: string): string => `f:${name}`;

export const valueElement = (value: unknown): string => `v:${goJson(value)}`;

export const keyElement = (key: Readonly<Record<string, unknown>>): string =>
  `k:${goJson(Object.fromEntries(Object.entries(key).toSorted(byName)))}`;

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

export type ElementReading = { kind: 'read'; element: string } | { kind: 'unknown' } | { kind: 'malformed' };

/** Reads what a client wrote, in whichever spelling. Kinds of elements that a later Kubernetes may know are unknown, not malformed. */
export function readElement(text: string): ElementReading {
  if (text[1] !== ':') return { kind: 'malformed' };
  const rest = text.slice(2);
  switch (text.charAt(0)) {
    case 'f':
      return { kind: 'read', element: text };
    case 'v':
      return readJson(rest, (value) => valueElement(value));
    case 'k':
      return readJson(rest, (value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? keyElement(value as Record<string, unknown>)
          : undefined,
      );
    case 'i':
      return /^-?\d{1,15}$/.test(rest) ? { kind: 'read', element: `i:${Number(rest)}` } : { kind: 'malformed' };
    default:
      return { kind: 'unknown' };
  }
}

function readJson(text: string, elementOf: (value: unknown) => string | undefined): ElementReading {
  try {
    const element = elementOf(JSON.parse(text));
    return element === undefined ? { kind: 'malformed' } : { kind: 'read', element };
  } catch {
    return { kind: 'malformed' };
  }
}

/** As messages show it: `.spec`, `[name="c"]`, `[="x"]`, `[0]`. */
export function formatElement(element: string): string {
  const rest = element.slice(2);
  switch (element.charAt(0)) {
    case 'k': {
      const fields = Object.entries(JSON.parse(rest) as object);
      return `[${fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    }
    case 'v':
      return `[=${JSON.stringify(JSON.parse(rest))}]`;
    case 'i':
      return `[${rest}]`;
    default:
      return `.${rest}`;
  }
}

/** Fields first, then keys, values, indexes; each by its content, numbers by their size (fieldpath/element.go Compare). */
export function compareElements(a: string, b: string): number {
  if (a.startsWith('f') && b.startsWith('f')) return a < b ? -1 : 1;
  const kind = kinds.indexOf(a.charAt(0)) - kinds.indexOf(b.charAt(0));
  if (kind !== 0) return kind;
  const [left, right] = [a.slice(2), b.slice(2)];
  switch (a.charAt(0)) {
    case 'k':
      return compareLists(Object.entries(JSON.parse(left) as object), Object.entries(JSON.parse(right) as object));
    case 'v':
      return compareScalars(JSON.parse(left), JSON.parse(right));
    case 'i':
      return Number(left) - Number(right);
    default:
      return compareScalars(left, right);
  }
}

const kinds = 'fkvi';

function compareLists(a: readonly [string, unknown][], b: readonly [string, unknown][]): number {
  for (const [index, [name, value]] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareScalars(name, other[0]) || compareScalars(value, other[1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Of different types: numbers, strings, booleans, then the rest. */
function compareScalars(a: unknown, b: unknown): number {
  const type = typeOrder.indexOf(typeof a) - typeOrder.indexOf(typeof b);
  if (type !== 0 || a === b) return type;
  return (a as string) < (b as string) ? -1 : 1;
}

const typeOrder = ['number', 'string', 'boolean', 'object'];
