import { EvaluationError } from '../cel/cel-error.ts';
import {
  bool,
  bytes,
  double,
  duration,
  dyn,
  int,
  listType,
  mapType,
  string,
  timestamp,
  type CelType,
} from '../cel/cel-type.ts';
import {
  readBool,
  readBytes,
  readDate,
  readDouble,
  readDuration,
  readDynamic,
  readInt,
  readList,
  readMap,
  readObject,
  readString,
  readTimestamp,
  type ValueReader,
} from '../cel/typed-value.ts';
import { atomic, type ListMeaning } from '../cel/value.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { unescapeProperty } from './property-name.ts';

/**
 * What an expression may do with a value of this schema (apiserver pkg/cel/common/schemas.go SchemaDeclType); undefined when it may not
 * even look at it, since nothing is known of it. `name` tells types of objects apart.
 */
export function declaredValue(schema: JsonSchema, name: string, isRoot = false): ValueReader | undefined {
  const reader = readerOf(schema, name, isRoot || schema['x-kubernetes-embedded-resource'] === true);
  return reader && { type: reader.type, read: orNull(schema, reader.read) };
}

const orNull =
  ({ nullable }: JsonSchema, read: ValueReader['read']): ValueReader['read'] =>
  (json) => {
    if (json !== null) return read(json);
    if (nullable === true) return null;
    throw new EvaluationError('invalid data, got null for schema with nullable=false');
  };

const texts: Readonly<Record<string, ValueReader>> = {
  byte: { type: bytes, read: readBytes },
  date: { type: timestamp, read: readDate },
  'date-time': { type: timestamp, read: readTimestamp },
  duration: { type: duration, read: readDuration },
};

function readerOf(schema: JsonSchema, name: string, isResource: boolean): ValueReader | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: dyn, read: readDynamic };
  switch (schema.type ?? '') {
    case 'boolean':
      return { type: bool, read: readBool };
    case 'integer':
      return { type: int, read: readInt };
    case 'number':
      return { type: double, read: readDouble };
    case 'string': {
      const { format = '' } = schema;
      return Object.hasOwn(texts, format) ? texts[format] : { type: string, read: readString };
    }
    case 'array':
      return listReader(schema, name);
    case 'object':
      return additionalSchema(schema) && !isResource ? mapReader(schema, name) : objectReader(schema, name, isResource);
    default:
      return undefined;
  }
}

function listReader(schema: JsonSchema, name: string): ValueReader | undefined {
  const element = schema.items && declaredValue(schema.items, `${name}.@idx`);
  return element && { type: listType(element.type), read: readList(element.read, meaningOf(schema)) };
}

function meaningOf(schema: JsonSchema): ListMeaning {
  if (schema['x-kubernetes-list-type'] === 'set') return { type: 'set' };
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return schema['x-kubernetes-list-type'] === 'map' ? { type: 'map', keys } : atomic;
}

function mapReader(schema: JsonSchema, name: string): ValueReader | undefined {
  const value = declaredValue(additionalSchema(schema)!, `${name}.@elem`);
  return value && { type: mapType(string, value.type), read: readMap(value.read) };
}

/** apiVersion, kind and the names of a resource can be seen although no schema says so. */
const metadataSchema: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};
const resourceProperties: Readonly<Record<string, JsonSchema>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: metadataSchema,
};

function objectReader(schema: JsonSchema, name: string, isResource: boolean): ValueReader {
  const reader = (property: string): ValueReader | undefined => {
    const inner =
      isResource && Object.hasOwn(resourceProperties, property)
        ? resourceProperties[property]
        : propertySchema(schema, property);
    return inner && declaredValue(inner, `${name}.${property}`);
  };
  const field = (escapedName: string): CelType | undefined => {
    const property = unescapeProperty(escapedName);
    return property === undefined ? undefined : reader(property)?.type;
  };
  return {
    type: { kind: 'object', name, field },
    read: readObject(name, { jsonName: unescapeProperty, reader: (property) => reader(property)?.read }),
  };
}
