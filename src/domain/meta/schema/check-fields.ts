import { goPath, strictPath, type FieldPlace } from './field-place.ts';
import { goTypeName } from './go-type-name.ts';
import { readScalar } from './read-scalar.ts';
import { schemaType } from './schema-table.ts';
import type { Scalar, SchemaField, SchemaType, ValueType } from './schema-type.ts';
import { zeroValues } from './zero-values.ts';

export type FieldCheck = {
  /**
   * The object as a Go server would answer it: without unknown fields, nulls and the zeros that mean absence (`nodeName: ""`,
   * `hostPort: 0`), quantities as text.
   */
  readonly object: unknown;
  /** One text per unknown field, such as `unknown field "spec.foo"`, in the order of the object; at most 100. */
  readonly unknown: readonly string[];
  /** Go's decoding errors in the order of the object; Kubernetes reports the first and refuses the object. At most 100. */
  readonly typeErrors: readonly string[];
};

/** As many as the API server reports (sigs.k8s.io/json, kubernetes_patch.go). */
const maxReports = 100;

type FieldType = Pick<SchemaField, 'shape' | 'value' | 'zeroDiffers'>;
type Reports = { readonly unknown: string[]; readonly typeErrors: string[] };

/**
 * Compares a decoded object with its type, as decoding into Kubernetes' Go types does. It goes as deep as the object, whose depth the
 * decoder has bounded. `place` is where the value stands when it is a part of an object.
 */
export function checkFields(value: unknown, type: SchemaType, place?: FieldPlace): FieldCheck {
  const reports: Reports = { unknown: [], typeErrors: [] };
  const object = readStruct(value, type, place, reports);
  return { object, ...reports };
}

function readStruct(value: unknown, type: SchemaType, place: FieldPlace | undefined, reports: Reports): unknown {
  if (!isRecord(value))
    return mismatch(value, goTypeName({ shape: 'single', value: { type: type.key } }), place, reports);
  const read = Object.entries(value).flatMap(([name, fieldValue]): [string, unknown][] => {
    const here: FieldPlace = { parent: place, step: { kind: 'field', name, struct: type.name } };
    const field = type.isKind && typeMeta.has(name) ? typeMetaField : type.fields.get(name);
    if (field === undefined) report(reports.unknown, `unknown field ${JSON.stringify(strictPath(here))}`);
    if (field === undefined || fieldValue === null || isAbsent(fieldValue, field)) return [];
    return [[name, readField(fieldValue, field, here, reports)]];
  });
  return Object.fromEntries(read);
}

const typeMeta = new Set(['apiVersion', 'kind']);
const typeMetaField: FieldType = { shape: 'single', value: { scalar: 'string' }, zeroDiffers: true };

/**
 * Go leaves out the zero of a field that is no pointer, and empty lists and maps (`omitempty`), so a client cannot tell them from absence,
 * and neither may we.
 */
export function isAbsent(value: unknown, { shape, value: type, zeroDiffers }: FieldType): boolean {
  if (zeroDiffers) return false;
  switch (shape) {
    case 'single':
      return 'scalar' in type && zeros[type.scalar]?.includes(value) === true;
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'map':
      return isRecord(value) && Object.keys(value).length === 0;
  }
}

const zeros: Readonly<Partial<Record<Scalar, readonly unknown[]>>> = {
  string: [''],
  bytes: [''],
  boolean: [false],
  int32: [0],
  int64: [0],
  double: [0],
  intOrString: [0, ''],
};

function readField(value: unknown, field: FieldType, place: FieldPlace, reports: Reports): unknown {
  switch (field.shape) {
    case 'single':
      return readValue(value, field.value, place, reports);
    case 'list':
      if (!Array.isArray(value)) return mismatch(value, goTypeName(field), place, reports);
      return value.map((element, index) =>
        readElement(element, field.value, { parent: place, step: { kind: 'index', index } }, reports),
      );
    case 'map':
      if (!isRecord(value)) return mismatch(value, goTypeName(field), place, reports);
      return Object.fromEntries(
        Object.entries(value).map(([name, element]) => [
          name,
          readElement(element, field.value, { parent: place, step: { kind: 'key', name } }, reports),
        ]),
      );
  }
}

/** Null in a list or map is Go's zero value; elsewhere it is an absent field. */
function readElement(value: unknown, type: ValueType, place: FieldPlace, reports: Reports): unknown {
  if (value === null) return 'type' in type ? {} : zeroValues[type.scalar];
  return readValue(value, type, place, reports);
}

function readValue(value: unknown, type: ValueType, place: FieldPlace, reports: Reports): unknown {
  if ('scalar' in type) return readScalarAt(value, type.scalar, place, reports);
  const struct = schemaType(type.type);
  if (struct === undefined) throw new Error(`the schema table has no ${type.type}`);
  return readStruct(value, struct, place, reports);
}

function readScalarAt(value: unknown, scalar: Scalar, place: FieldPlace, reports: Reports): unknown {
  const reading = readScalar(scalar, value);
  switch (reading.kind) {
    case 'read':
      return reading.value;
    case 'mismatch':
      return mismatch(value, reading.goType, place, reports);
    case 'malformed':
      report(reports.typeErrors, reading.message);
      return undefined;
  }
}

function mismatch(value: unknown, goType: string, place: FieldPlace | undefined, reports: Reports): undefined {
  report(
    reports.typeErrors,
    `json: cannot unmarshal ${jsonType(value, goType)} into Go ${goPath(place)} of type ${goType}`,
  );
}

/** Go adds the number itself where it only does not fit. */
function jsonType(value: unknown, goType: string): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return /^(int|float)\d+$/.test(goType) ? `number ${value}` : 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function report(reports: string[], text: string): void {
  if (reports.length < maxReports) reports.push(text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
