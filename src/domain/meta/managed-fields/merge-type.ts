/**
 * How server-side apply sees a value: what it may be and how it merges. A value that may be several things is what it looks like
 * (structured-merge-diff schema/elements.go).
 */
export type MergeType = {
  readonly map?: MapType;
  readonly scalar?: ScalarType;
  readonly list?: ListType;
};

export type ScalarType = 'string' | 'numeric' | 'boolean' | 'untyped';

/** An object: a struct with fields of its own, a map of alike elements, or both. */
export type MapType = {
  /** Owned and replaced as a whole. */
  readonly atomic: boolean;
  field(name: string): MergeField | undefined;
  /** The fields that are never absent. */
  readonly alwaysPresent: readonly string[];
  /** What all keys that are no fields hold; undefined when there may be none. */
  readonly element: MergeType | undefined;
};

export type MergeField = {
  readonly type: MergeType;
  /** Stands in for the field where it is part of the key of a list's element. */
  readonly default?: unknown;
  /** What Go writes where nobody set the field, which therefore never comes or goes; undefined when it writes nothing. */
  readonly empty?: unknown;
};

export type ListType = {
  readonly relationship: 'atomic' | 'set' | 'map';
  /** The fields that tell the elements of a `map` apart. */
  readonly keys: readonly string[];
  readonly element: MergeType;
};

export const scalarType = (scalar: ScalarType): MergeType => ({ scalar });

/** A map without fields of its own. */
export const mapType = (atomic: boolean, element: () => MergeType): MapType => ({
  atomic,
  field: () => undefined,
  alwaysPresent: [],
  get element() {
    return element();
  },
});

/** For free-form values inside a schema: owned and replaced as a whole (DeducedParseableType __untyped_atomic_). */
export const freeFormType: MergeType = {
  scalar: 'untyped',
  list: {
    relationship: 'atomic',
    keys: [],
    get element() {
      return freeFormType;
    },
  },
  map: mapType(true, () => freeFormType),
};

/** For values without a schema: objects merge, lists are replaced (structured-merge-diff typed/parser.go DeducedParseableType). */
export const deducedType: MergeType = {
  scalar: 'untyped',
  list: { relationship: 'atomic', keys: [], element: freeFormType },
  map: mapType(false, () => deducedType),
};

/** The type of what stands under a key. */
export const childType = (map: MapType, name: string): MergeType | undefined => map.field(name)?.type ?? map.element;

/** One of the things that a value may be. */
export type Atom =
  | { readonly kind: 'map'; readonly map: MapType }
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'list'; readonly list: ListType };

/** What the value is, among what the type allows; for a value that is nothing of it, the first that the type allows. */
export function atomOf({ map, scalar, list }: MergeType, value: unknown): Atom {
  if (Array.isArray(value)) {
    if (list) return { kind: 'list', list };
  } else if (typeof value === 'object') {
    if (map && value !== null) return { kind: 'map', map };
  } else if (value !== undefined && scalar) return { kind: 'scalar', scalar };
  if (map) return { kind: 'map', map };
  if (scalar) return { kind: 'scalar', scalar };
  if (list) return { kind: 'list', list };
  throw new TypeError('a type that allows nothing');
}
