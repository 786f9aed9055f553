/**
 * What the generated table says about a type, and how a line of it reads:
 *
 *     Name (kind|struct|atomic) field…
 *     field = name[!|*]=number,type[,p:strategy+strategy/mergeKey][,s:structure/key+key][,d:default][,v]
 *
 * `!` marks a required field, `*` one that is a pointer in Go, so that its zero differs from its absence, `^` an embedded struct whose
 * fields stand directly in this object, `number` is the protobuf field number (empty where Kubernetes publishes none). A type is a scalar (`int32`), another type of the same group version (`PodSpec`) or of
 * another one (`v1.PodSpec`); `[]` before it makes a list, `{}` a map with string keys. `p:` is the strategic merge, `s:` how
 * server-side apply sees the list, map or struct; `v` marks what Go always writes.
 */
export type SchemaType = {
  /** `apiVersion.Name`, such as `apps/v1.DeploymentSpec`. */
  readonly key: string;
  readonly name: string;
  /** It has apiVersion and kind, though they are not listed as fields. */
  readonly isKind: boolean;
  /** Server-side apply owns and replaces it as a whole. */
  readonly atomic: boolean;
  /** By JSON name, those of embedded structs included. */
  readonly fields: ReadonlyMap<string, SchemaField>;
  /** As the protobuf message has them: an embedded struct is one field, with an empty name. */
  readonly members: readonly SchemaField[];
};

export type Scalar =
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'double'
  /** base64 in JSON */
  | 'bytes'
  /** RFC 3339, to the second */
  | 'time'
  /** RFC 3339, to the microsecond */
  | 'microTime'
  | 'quantity'
  | 'intOrString'
  /** any JSON value; protobuf carries it as bytes of JSON */
  | 'fieldsV1'
  | 'rawExtension'
  /** a list of strings that protobuf wraps in a message */
  | 'stringList'
  /** any JSON value, which protobuf carries as bytes of JSON, as those above */
  | 'any'
  /** a JSONSchemaProps or something simpler, for which protobuf has a message of its own */
  | 'schemaOrList'
  | 'schemaOrBoolean'
  | 'schemaOrStrings';

export type ValueType = { readonly scalar: Scalar } | { readonly type: string };

export type SchemaField = {
  readonly name: string;
  readonly shape: 'single' | 'list' | 'map';
  /** Of the field, or of the elements when it is a list or map. */
  readonly value: ValueType;
  readonly required: boolean;
  /** Zero, false or the empty string says something else than no value. */
  readonly zeroDiffers: boolean;
  readonly protobufNumber: number | undefined;
  readonly patchStrategies: readonly string[];
  readonly patchMergeKey: string | undefined;
  /** Undefined for a single value that is merged as its own type says. */
  readonly structure: 'atomic' | 'granular' | 'set' | 'map' | undefined;
  readonly mapKeys: readonly string[];
  readonly default: string | undefined;
  /** Go writes it, empty, even where nobody set it. */
  readonly isAlwaysPresent: boolean;
};

const usualStructure = { single: undefined, list: 'atomic', map: 'granular' } as const;

/** Shared by the many fields that have none. */
const none: readonly string[] = [];

type Resolve = (key: string) => SchemaType | undefined;

/** Reads one line of the table; `resolve` finds the embedded structs. */
export function parseSchemaType(apiVersion: string, line: string, resolve: Resolve): SchemaType {
  const [name = '', mark, ...texts] = line.split(' ');
  const members = texts.map((text) => parseField(apiVersion, text));
  return {
    key: `${apiVersion}.${name}`,
    name,
    isKind: mark === 'kind',
    atomic: mark === 'atomic',
    fields: new Map(members.flatMap((member) => jsonFields(member, resolve))),
    members,
  };
}

function jsonFields(member: SchemaField, resolve: Resolve): [string, SchemaField][] {
  if (member.name !== '') return [[member.name, member]];
  return 'type' in member.value ? [...(resolve(member.value.type)?.fields ?? [])] : [];
}

function parseField(apiVersion: string, text: string): SchemaField {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const [number = '', type = '', ...marks] = text.slice(equals + 1).split(',');
  const shape = type.startsWith('[]') ? 'list' : type.startsWith('{}') ? 'map' : 'single';
  const [strategies, mergeKey] = markParts(marks, 'p:');
  const [structure, keys] = markParts(marks, 's:');
  return {
    name: name.replace(/[!*^]$/, ''),
    shape,
    value: parseValueType(apiVersion, shape === 'single' ? type : type.slice(2)),
    required: name.endsWith('!'),
    zeroDiffers: /[!*]$/.test(name),
    protobufNumber: number === '' ? undefined : Number(number),
    patchStrategies: strategies?.split('+') ?? none,
    patchMergeKey: mergeKey === '' ? undefined : mergeKey,
    structure: (structure as SchemaField['structure']) ?? usualStructure[shape],
    mapKeys: keys === undefined || keys === '' ? none : keys.split('+'),
    default: marks.find((mark) => mark.startsWith('d:'))?.slice(2),
    isAlwaysPresent: marks.includes('v'),
  };
}

function parseValueType(apiVersion: string, text: string): ValueType {
  if (text.includes('.')) return { type: text };
  return /^[A-Z]/.test(text) ? { type: `${apiVersion}.${text}` } : { scalar: text as Scalar };
}

function markParts(marks: readonly string[], prefix: string): string[] {
  return (
    marks
      .find((mark) => mark.startsWith(prefix))
      ?.slice(prefix.length)
      .split('/') ?? []
  );
}
