/**
 * What an expression computes with. An int is a bigint, a double a number. Lists, maps and objects may be views of JSON that are made
 * while they are walked, so that nothing is copied for an expression that looks at one field.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | ListValue
  | MapValue
  | ObjectValue
  | Optional
  | TypeValue
  | Opaque;

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

/** `nanos` since 1970. */
export class Timestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** Keys that make elements of two lists the same, and what is equal then (x-kubernetes-list-type). */
export type ListMeaning =
  | { readonly type: 'atomic' }
  | { readonly type: 'set' }
  | { readonly type: 'map'; readonly keys: readonly string[] };

export const atomic: ListMeaning = { type: 'atomic' };

export class ListValue {
  readonly size: number;
  readonly at: (index: number) => Value;
  readonly meaning: ListMeaning;

  constructor(size: number, at: (index: number) => Value, meaning: ListMeaning = atomic) {
    this.size = size;
    this.at = at;
    this.meaning = meaning;
  }

  static of(elements: readonly Value[], meaning: ListMeaning = atomic): ListValue {
    return new ListValue(elements.length, (index) => elements[index]!, meaning);
  }

  elements(): Value[] {
    return Array.from({ length: this.size }, (_, index) => this.at(index));
  }
}

export type MapKey = string | bigint | boolean | Uint;

export interface MapValue {
  readonly isMap: true;
  readonly size: number;
  /** Undefined where there is no such key. */
  get(key: Value): Value | undefined;
  keys(): readonly MapKey[];
}

/** Something with declared fields. */
export class ObjectValue {
  readonly typeName: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Undefined where the field is not set. */
  readonly field: (name: string) => Value | undefined;
  /** Names of the fields that are set, as JSON has them. */
  readonly names: () => readonly string[];
  readonly byJsonName: (name: string) => Value | undefined;

  constructor(
    typeName: string,
    json: Readonly<Record<string, unknown>>,
    access: Pick<ObjectValue, 'field' | 'names' | 'byJsonName'>,
  ) {
    this.typeName = typeName;
    this.json = json;
    this.field = access.field;
    this.names = access.names;
    this.byJsonName = access.byJsonName;
  }
}

export class Optional {
  static readonly none = new Optional(undefined);
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

export class TypeValue {
  readonly typeName: string;
  constructor(typeName: string) {
    this.typeName = typeName;
  }
}

/** A value of a library's own type; two of the same `identity` are equal. */
export class Opaque<T = unknown> {
  readonly typeName: string;
  readonly content: T;
  readonly identity: string;
  constructor(typeName: string, content: T, identity: string) {
    this.typeName = typeName;
    this.content = content;
    this.identity = identity;
  }
}

export const isMap = (value: Value): value is MapValue =>
  typeof value === 'object' && value !== null && 'isMap' in value;

/** The kind by which functions choose what to do; objects and opaque values answer their type's name. */
export function kindOf(value: Value): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (value === null) return 'null';
  if (value instanceof ListValue) return 'list';
  if (value instanceof ObjectValue) return 'object';
  if (value instanceof Opaque) return value.typeName;
  if (value instanceof Optional) return 'optional';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof Duration) return 'duration';
  if (value instanceof Uint) return 'uint';
  return value instanceof TypeValue ? 'type' : 'map';
}
