import { ExpressionError } from './cel-error.ts';

/** What is known of a value before there is one (cel-spec doc/langdef.md, Values and types). */
export type CelType =
  /** Anything: checked when there is a value. */
  | { readonly kind: 'dyn' }
  /** int, string, timestamp, net.IP …; a library's own types are these too. */
  | { readonly kind: 'plain'; readonly name: string }
  | { readonly kind: 'list' | 'optional'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly of: CelType }
  | { readonly kind: 'object'; readonly name: string; readonly field: (name: string) => CelType | undefined }
  /** Stands for the same type wherever it is in one signature. */
  | { readonly kind: 'parameter'; readonly name: string };

export const dyn: CelType = { kind: 'dyn' };
export const plain = (name: string): CelType => ({ kind: 'plain', name });
export const listType = (of: CelType): CelType => ({ kind: 'list', of });
/** Only texts, numbers and booleans are keys; so a type never has two branches that both grow. */
export const mapType = (key: CelType, of: CelType): CelType => ({
  kind: 'map',
  key: key.kind === 'plain' || key.kind === 'parameter' ? key : dyn,
  of,
});
export const optionalType = (of: CelType): CelType => ({ kind: 'optional', of });

export const bool = plain('bool');
export const int = plain('int');
export const double = plain('double');
export const string = plain('string');
export const bytes = plain('bytes');
export const timestamp = plain('timestamp');
export const duration = plain('duration');

const languageNames: Readonly<Record<string, string>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  null: 'null',
};

/** As cel-go's messages write a type. */
export function formatType(type: CelType): string {
  switch (type.kind) {
    case 'dyn':
      return 'dyn';
    case 'plain':
      return languageNames[type.name] ?? type.name;
    case 'list':
      return `list(${formatType(type.of)})`;
    case 'optional':
      return `optional_type(${formatType(type.of)})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.of)})`;
    case 'object':
    case 'parameter':
      return type.name;
  }
}

/** Reads a type of a signature, such as `map<K, list<string>>`. */
export function parseType(text: string): CelType {
  const [, name = '', inner] = /^([\w.]+)(?:<(.*)>)?$/.exec(text.trim()) ?? [];
  if (inner !== undefined) {
    const parts = splitArguments(inner).map(parseType);
    if (name === 'map') return mapType(parts[0]!, parts[1]!);
    if (name === 'list' || name === 'optional') return { kind: name, of: parts[0]! };
    return plain(name);
  }
  if (name === 'dyn') return dyn;
  return /^[A-Z]$/.test(name) ? { kind: 'parameter', name } : plain(name);
}

/** At the commas that are in no angle brackets. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === '<') depth++;
    if (character === '>') depth--;
    if (at < text.length && (character !== ',' || depth > 0)) continue;
    const part = text.slice(start, at).trim();
    if (part !== '') parts.push(part);
    start = at + 1;
  }
  return parts;
}

/** What the parameters of one signature stand for. */
export type Bindings = Map<string, CelType>;

/** Types that null is a value of: what Go keeps behind a pointer (cel-go checker/types.go internalIsAssignableNull). */
const takesNull = (type: CelType): boolean =>
  type.kind === 'object' ||
  (type.kind === 'plain' && (/[.]/.test(type.name) || /^(timestamp|duration|null)$/.test(type.name)));

const isNull = (type: CelType): boolean => type.kind === 'plain' && type.name === 'null';

/** Whether a value of the type `given` can stand where `wanted` is asked for. */
export function isAssignable(wanted: CelType, given: CelType, bindings: Bindings = new Map()): boolean {
  if (wanted.kind === 'parameter') return bindParameter(wanted.name, given, bindings);
  if (wanted === given || wanted.kind === 'dyn' || given.kind === 'dyn') return true;
  if (isNull(given) && takesNull(wanted)) return true;
  if (wanted.kind === 'plain') return given.kind === 'plain' && given.name === wanted.name;
  if (wanted.kind === 'object') return given.kind === 'object' && given.name === wanted.name;
  if (wanted.kind !== given.kind) return false;
  if (wanted.kind === 'map' && given.kind === 'map' && !isAssignable(wanted.key, given.key, bindings)) return false;
  return isAssignable(wanted.of, (given as { of: CelType }).of, bindings);
}

function bindParameter(name: string, given: CelType, bindings: Bindings): boolean {
  const bound = bindings.get(name);
  if (bound === undefined || bound.kind === 'dyn') {
    bindings.set(name, bound ?? given);
    return true;
  }
  if (isAssignable(bound, given)) {
    if (given.kind === 'dyn') bindings.set(name, given);
    return true;
  }
  // null came first.
  if (!isAssignable(given, bound)) return false;
  bindings.set(name, given);
  return true;
}

/** A type of a signature with what its parameters stand for. */
export function substitute(type: CelType, bindings: Bindings): CelType {
  switch (type.kind) {
    case 'parameter':
      return bindings.get(type.name) ?? dyn;
    case 'list':
    case 'optional':
      return { kind: type.kind, of: substitute(type.of, bindings) };
    case 'map':
      return mapType(substitute(type.key, bindings), substitute(type.of, bindings));
    case 'dyn':
    case 'object':
    case 'plain':
      return type;
  }
}

/** The type of elements that are written side by side; they have to be of one (cel.HomogeneousAggregateLiterals). */
export function joinTypes(types: readonly (readonly [type: CelType, offset: number])[]): CelType {
  let joined: CelType | undefined;
  for (const [type, offset] of types) {
    if (joined === undefined || isAssignable(type, joined)) joined = joined?.kind === 'dyn' ? joined : type;
    else if (!isAssignable(joined, type))
      throw new ExpressionError(`expected type '${formatType(joined)}' but found '${formatType(type)}'`, offset);
  }
  return joined ?? dyn;
}
