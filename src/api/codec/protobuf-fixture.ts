import { schemaOfKind, schemaType } from '../../domain/meta/schema/schema-table.ts';
import type { Scalar, SchemaField, SchemaType } from '../../domain/meta/schema/schema-type.ts';
import type { KubernetesObject } from '../../domain/meta/types.ts';
import { double, each, integer, nested, text, type FieldWriter } from '../openapi/v2/protobuf-writer.ts';

/** An object of a built-in kind as Go clients send it: `k8s\0` and its runtime.Unknown. What the kind does not know is left out. */
export function protobufBody(object: KubernetesObject): Buffer {
  const { apiVersion = '', kind = '' } = object;
  const type = schemaOfKind(apiVersion, kind);
  if (type === undefined) throw new Error(`no schema of ${kind}`);
  const typeMeta = Buffer.concat([text(1, apiVersion), text(2, kind)]);
  return Buffer.concat([Buffer.from('k8s\0'), bytes(1, typeMeta), bytes(2, message(type, object))]);
}

const bytes: FieldWriter = (number, value) => nested((content) => content as Buffer)(number, value);

function message(type: SchemaType, value: unknown): Buffer {
  const content = value as Readonly<Record<string, unknown>>;
  return Buffer.concat(
    type.members.map((field) => {
      if (field.name === '') return fieldWriter(field)(field.protobufNumber!, content);
      const member = Object.hasOwn(content, field.name) ? content[field.name] : undefined;
      return member === undefined || member === null ? Buffer.alloc(0) : shaped(field)(field.protobufNumber!, member);
    }),
  );
}

function shaped(field: SchemaField): FieldWriter {
  const write = fieldWriter(field);
  if (field.shape === 'list') return each(write);
  if (field.shape === 'single') return write;
  return (number, entries) =>
    Buffer.concat(
      Object.entries(entries as object).map(([key, value]) =>
        bytes(number, Buffer.concat([text(1, key), write(2, value)])),
      ),
    );
}

function fieldWriter({ value }: SchemaField): FieldWriter {
  if ('scalar' in value) return scalarWriter(value.scalar);
  return (number, content) => bytes(number, message(schemaType(value.type)!, content));
}

function scalarWriter(scalar: Scalar): FieldWriter {
  switch (scalar) {
    case 'string':
      return text;
    case 'bytes':
      return (number, value) => bytes(number, Buffer.from(String(value), 'base64'));
    case 'boolean':
      return (number, value) => integer(number, value === true ? 1 : 0);
    case 'int32':
    case 'int64':
      return integer;
    case 'double':
      return double;
    case 'time':
    case 'microTime':
      return (number, value) => bytes(number, time(String(value)));
    case 'quantity':
      return (number, value) => bytes(number, text(1, value));
    case 'intOrString':
      return (number, value) =>
        bytes(number, typeof value === 'number' ? integer(2, value) : Buffer.concat([integer(1, 1), text(3, value)]));
    case 'stringList':
      return (number, value) => bytes(number, each(text)(1, value ?? []));
    case 'fieldsV1':
    case 'rawExtension':
    case 'any':
      return (number, value) => bytes(number, text(1, JSON.stringify(value)));
    case 'schemaOrList':
    case 'schemaOrBoolean':
    case 'schemaOrStrings':
      return (number, value) => bytes(number, choice(scalar, value));
  }
}

function time(value: string): Buffer {
  const micros = /\.(\d{6})Z$/.exec(value)?.[1] ?? '0';
  return Buffer.concat([integer(1, Math.floor(Date.parse(value) / 1000)), integer(2, Number(micros) * 1000)]);
}

function choice(scalar: Scalar, value: unknown): Buffer {
  const schema = (content: unknown) => message(schemaType('apiextensions.k8s.io/v1.JSONSchemaProps')!, content);
  if (Array.isArray(value)) return scalar === 'schemaOrList' ? each(nested(schema))(2, value) : each(text)(2, value);
  if (typeof value === 'boolean') return integer(1, value ? 1 : 0);
  return nested(schema)(scalar === 'schemaOrBoolean' ? 2 : 1, value);
}
