import { decodeStrict } from '../../domain/meta/schema/decode-strict.ts';
import type { Scalar } from '../../domain/meta/schema/schema-type.ts';
import { ProtobufError, wireTypes, type ProtobufReader } from './protobuf-reader.ts';

/** Reads a scalar of the schema table into its JSON form; undefined is a time or value that is not set. */
export function readProtobufScalar(reader: ProtobufReader, scalar: Scalar, wireType: number): unknown {
  requireWireType(wireType, wireTypeOf(scalar));
  switch (scalar) {
    case 'string':
      return reader.bytes().toString('utf8');
    case 'bytes':
      return reader.bytes().toString('base64');
    case 'boolean':
      return reader.varint() !== 0n;
    case 'int32':
      return Number(BigInt.asIntN(32, reader.varint()));
    case 'int64':
      return Number(BigInt.asIntN(64, reader.varint()));
    case 'time':
      return timeText(readFields(reader.part()), 0);
    case 'microTime':
      return timeText(readFields(reader.part()), 6);
    case 'quantity':
      return textOf(readFields(reader.part()), 1) || '0';
    case 'intOrString':
      return intOrString(readFields(reader.part()));
    case 'fieldsV1':
    case 'rawExtension':
    case 'any':
      return embeddedJson(readFields(reader.part()));
    case 'stringList':
      return readStrings(reader.part());
    case 'double':
      return doubleValue(reader.fixed64());
    case 'schemaOrList':
    case 'schemaOrBoolean':
    case 'schemaOrStrings':
      throw new Error(`${scalar} is no scalar in protobuf`);
  }
}

export function requireWireType(actual: number, expected: number): void {
  if (actual !== expected) throw new ProtobufError(`wrong wireType = ${actual}`);
}

export function wireTypeOf(scalar: Scalar): number {
  if (scalar === 'double') return wireTypes.fixed64;
  return scalar === 'boolean' || scalar === 'int32' || scalar === 'int64' ? wireTypes.varint : wireTypes.bytes;
}

/** JSON has no other numbers. */
function doubleValue(bytes: Buffer): number {
  const value = bytes.readDoubleLE();
  if (!Number.isFinite(value)) throw new ProtobufError(`json: unsupported value: ${value}`);
  return value;
}

/** The fields of one of the small messages that JSON shows as a scalar: numbers and bytes. */
type Fields = ReadonlyMap<number, bigint | Buffer>;

function readFields(reader: ProtobufReader): Fields {
  const fields = new Map<number, bigint | Buffer>();
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (wireType === wireTypes.varint) fields.set(number, reader.varint());
    else if (wireType === wireTypes.bytes) fields.set(number, reader.bytes());
    else reader.skip(wireType);
  }
  return fields;
}

function readStrings(reader: ProtobufReader): string[] {
  const strings: string[] = [];
  while (!reader.atEnd) {
    const { number, wireType } = reader.tag();
    if (number === 1 && wireType === wireTypes.bytes) strings.push(reader.bytes().toString('utf8'));
    else reader.skip(wireType);
  }
  return strings;
}

/** The zero time is an empty message, and null in JSON (apimachinery pkg/apis/meta/v1/time_proto.go). */
function timeText(fields: Fields, fractionDigits: 0 | 6): string | undefined {
  if (fields.size === 0) return undefined;
  const seconds = numberOf(fields, 1);
  const milliseconds = seconds * 1000;
  if (Math.abs(milliseconds) > 8.64e15) throw new ProtobufError('time out of range');
  const text = new Date(milliseconds).toISOString().slice(0, -'.000Z'.length);
  const micros = String(Math.floor(numberOf(fields, 2) / 1000)).padStart(6, '0');
  return fractionDigits === 0 ? `${text}Z` : `${text}.${micros}Z`;
}

/** Type 0 is the number, 1 the text (apimachinery pkg/util/intstr/generated.proto). */
function intOrString(fields: Fields): number | string {
  return numberOf(fields, 1) === 1 ? textOf(fields, 3) : Number(BigInt.asIntN(32, BigInt(numberOf(fields, 2))));
}

function embeddedJson(fields: Fields): unknown {
  const text = textOf(fields, 1);
  if (text === '') return undefined;
  const result = decodeStrict(text);
  if (result.kind === 'invalid') throw new ProtobufError(result.message);
  return result.object;
}

function numberOf(fields: Fields, number: number): number {
  const value = fields.get(number) ?? 0n;
  if (typeof value !== 'bigint') throw new ProtobufError('wrong wireType = 2');
  return Number(BigInt.asIntN(64, value));
}

function textOf(fields: Fields, number: number): string {
  const value = fields.get(number) ?? Buffer.alloc(0);
  if (typeof value === 'bigint') throw new ProtobufError('wrong wireType = 0');
  return value.toString('utf8');
}
