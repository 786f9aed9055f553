import { isAbsent } from '../../domain/meta/schema/check-fields.ts';
import type { DecodeResult } from '../../domain/meta/schema/decode-strict.ts';
import { schemaOfKind, schemaType } from '../../domain/meta/schema/schema-table.ts';
import type { SchemaField, SchemaType } from '../../domain/meta/schema/schema-type.ts';
import { ProtobufError, ProtobufReader, wireTypes } from './protobuf-reader.ts';
import { isSchemaChoice, readSchemaChoice } from './protobuf-schema-choice.ts';
import { readProtobufScalar, requireWireType, wireTypeOf } from './protobuf-value.ts';

const magic = Buffer.from('k8s\0', 'latin1');

/** Kubernetes' own messages nest about fifteen deep. */
const maxDepth = 64;

/**
 * Reads a body of type application/vnd.kubernetes.protobuf into the JSON object it stands for. Go clients have sent protobuf by default
 * since client-go 0.32 and do not fall back to JSON when it is refused. The body is `k8s\0` and a runtime.Unknown, which names the kind
 * and holds its message (apimachinery pkg/runtime/serializer/protobuf).
 */
export function decodeProtobuf(body: Buffer): DecodeResult {
  if (!body.subarray(0, magic.length).equals(magic))
    return invalid('provided data does not appear to be a protobuf message');
  try {
    const { apiVersion, kind, raw } = readUnknown(new ProtobufReader(body, magic.length));
    const type = schemaOfKind(apiVersion, kind);
    if (type === undefined)
      return invalid(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
    return {
      kind: 'decoded',
      object: { apiVersion, kind, ...readMessage(raw, type, 0) },
      duplicates: [],
    };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    return invalid(`proto: ${error.message}`);
  }
}

const invalid = (message: string): DecodeResult => ({ kind: 'invalid', message });

/** Unknown{1: TypeMeta{1: apiVersion, 2: kind}, 2: raw} */
function readUnknown(reader: ProtobufReader): { apiVersion: string; kind: string; raw: ProtobufReader } {
  let typeMeta = new ProtobufReader(Buffer.alloc(0));
  let raw = typeMeta;
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === wireTypes.bytes) typeMeta = reader.part();
    else if (number === 2 && wireType === wireTypes.bytes) raw = reader.part();
    else reader.skip(wireType);
  }
  return { ...readTypeMeta(typeMeta), raw };
}

function readTypeMeta(reader: ProtobufReader): { apiVersion: string; kind: string } {
  let apiVersion = '';
  let kind = '';
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === wireTypes.bytes) apiVersion = reader.bytes().toString('utf8');
    else if (number === 2 && wireType === wireTypes.bytes) kind = reader.bytes().toString('utf8');
    else reader.skip(wireType);
  }
  return { apiVersion, kind };
}

type JsonObject = Readonly<Record<string, unknown>>;
/** A message while it is read: lists and maps come one element at a time. */
type Members = Map<string, unknown>;

/** Fields that the table does not know are skipped, as Go skips them. */
function readMessage(reader: ProtobufReader, type: SchemaType, depth: number): JsonObject {
  if (depth > maxDepth) throw new ProtobufError('exceeded max depth');
  const members: Members = new Map();
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    const field = type.members.find(({ protobufNumber }) => protobufNumber === number);
    if (field === undefined) reader.skip(wireType);
    else readField(reader, wireType, field, members, depth);
  }
  return Object.fromEntries(
    [...members].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value as Members) : value]),
  );
}

function readField(
  reader: ProtobufReader,
  wireType: number,
  field: SchemaField,
  members: Members,
  depth: number,
): void {
  switch (field.shape) {
    case 'list':
      members.set(
        field.name,
        readElements(reader, wireType, field, depth, (members.get(field.name) as unknown[]) ?? []),
      );
      return;
    case 'map':
      requireWireType(wireType, wireTypes.bytes);
      members.set(
        field.name,
        readEntry(reader.part(), field, depth, (members.get(field.name) as Members) ?? new Map()),
      );
      return;
    case 'single': {
      const value = readValue(reader, wireType, field, depth);
      if (field.name === '')
        for (const [name, inlined] of Object.entries(value as JsonObject)) members.set(name, inlined);
      else if (value !== undefined && !isAbsent(value, field)) members.set(field.name, value);
    }
  }
}

/** Numbers may come packed, many in one field, as in every protobuf decoder. */
function readElements(
  reader: ProtobufReader,
  wireType: number,
  field: SchemaField,
  depth: number,
  list: unknown[],
): unknown[] {
  const { value } = field;
  if ('scalar' in value && wireType === wireTypes.bytes && wireTypeOf(value.scalar) === wireTypes.varint) {
    const packed = reader.part();
    while (!packed.atEnd) list.push(readProtobufScalar(packed, value.scalar, wireTypes.varint));
  } else list.push(readValue(reader, wireType, field, depth) ?? null);
  return list;
}

/** An entry of a map is a message {1: key, 2: value}; a value that is not there is the empty one. */
function readEntry(reader: ProtobufReader, field: SchemaField, depth: number, entries: Members): Members {
  let key = '';
  let value: unknown;
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === wireTypes.bytes) key = reader.bytes().toString('utf8');
    else if (number === 2) value = readValue(reader, wireType, field, depth);
    else reader.skip(wireType);
  }
  return entries.set(key, value ?? ('scalar' in field.value ? '' : {}));
}

function readValue(reader: ProtobufReader, wireType: number, { value }: SchemaField, depth: number): unknown {
  if (!('scalar' in value)) {
    requireWireType(wireType, wireTypes.bytes);
    return readMessage(reader.part(), typeNamed(value.type), depth + 1);
  }
  if (!isSchemaChoice(value.scalar)) return readProtobufScalar(reader, value.scalar, wireType);
  requireWireType(wireType, wireTypes.bytes);
  return readSchemaChoice(reader.part(), value.scalar, (part) => readMessage(part, typeNamed(schemaProps), depth + 1));
}

const schemaProps = 'apiextensions.k8s.io/v1.JSONSchemaProps';

function typeNamed(key: string): SchemaType {
  const type = schemaType(key);
  if (type === undefined) throw new Error(`the schema table has no ${key}`);
  return type;
}
