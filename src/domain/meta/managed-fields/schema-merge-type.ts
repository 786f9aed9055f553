import { schemaType } from '../schema/schema-table.ts';
import type { Scalar, SchemaField, SchemaType, ValueType } from '../schema/schema-type.ts';
import { zeroValues } from '../schema/zero-values.ts';
import {
  freeFormType,
  mapType,
  scalarType,
  type MapType,
  type MergeField,
  type MergeType,
  type ScalarType,
} from './merge-type.ts';

/** Kept as long as the types of the table, of which there are few hundred, and only those fields that were met. */
const known = new WeakMap<SchemaType, MergeType>();

/** A type of the generated table as server-side apply sees it. */
export function mergeTypeOf(type: SchemaType): MergeType {
  const found = known.get(type) ?? { map: structType(type, type.atomic) };
  known.set(type, found);
  return found;
}

function structType(type: SchemaType, atomic: boolean): MapType {
  const fields = new Map<string, MergeField>();
  const read = (name: string): MergeField | undefined => {
    if (type.isKind && typeMeta.has(name)) return { type: scalars.string };
    const field = type.fields.get(name);
    if (field === undefined) return undefined;
    const read = mergeField(field);
    fields.set(name, read);
    return read;
  };
  const alwaysPresent = [...type.fields.values()].filter((field) => field.isAlwaysPresent).map(({ name }) => name);
  return { atomic, field: (name) => fields.get(name) ?? read(name), alwaysPresent, element: undefined };
}

const typeMeta = new Set(['apiVersion', 'kind']);

const mergeField = (field: SchemaField): MergeField => ({
  type: fieldType(field),
  ...(field.default === undefined ? {} : { default: field.default }),
  ...(field.isAlwaysPresent ? { empty: emptyOf(field) } : {}),
});

function emptyOf({ shape, value }: SchemaField): unknown {
  if (shape !== 'single') return null;
  return 'type' in value ? {} : zeroValues[value.scalar];
}

function fieldType({ shape, value, structure, mapKeys }: SchemaField): MergeType {
  switch (shape) {
    case 'single':
      return valueType(value, structure);
    case 'list': {
      const relationship = structure === 'set' || structure === 'map' ? structure : 'atomic';
      return { list: { relationship, keys: mapKeys, element: valueType(value) } };
    }
    case 'map':
      return { map: mapType(structure === 'atomic', () => valueType(value)) };
  }
}

/** A field may say otherwise than its struct whether that is atomic (PersistentVolumeSpec.claimRef). */
function valueType(value: ValueType, structure?: SchemaField['structure']): MergeType {
  if ('scalar' in value) return scalars[value.scalar];
  const type = schemaType(value.type);
  if (type === undefined) throw new Error(`the schema table has no ${value.type}`);
  const atomic = structure === undefined ? type.atomic : structure === 'atomic';
  return atomic === type.atomic ? mergeTypeOf(type) : { map: structType(type, atomic) };
}

const typed = {
  string: scalarType('string'),
  numeric: scalarType('numeric'),
  boolean: scalarType('boolean'),
  untyped: scalarType('untyped'),
} satisfies Record<ScalarType, MergeType>;

/** Types with a JSON form of their own (quantities, times) are scalars of any type; free-form values are owned whole. */
const scalars: Readonly<Record<Scalar, MergeType>> = {
  string: typed.string,
  bytes: typed.string,
  boolean: typed.boolean,
  int32: typed.numeric,
  int64: typed.numeric,
  double: typed.numeric,
  time: typed.untyped,
  microTime: typed.untyped,
  quantity: typed.untyped,
  intOrString: typed.untyped,
  fieldsV1: freeFormType,
  rawExtension: freeFormType,
  stringList: { list: { relationship: 'atomic', keys: [], element: typed.string } },
  any: freeFormType,
  schemaOrList: freeFormType,
  schemaOrBoolean: freeFormType,
  schemaOrStrings: freeFormType,
};
