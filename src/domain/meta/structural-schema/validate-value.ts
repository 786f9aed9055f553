import { sameJson } from '../deep-equal.ts';
import type { FieldError } from '../field-error.ts';
import { correlatedElements } from './correlated-elements.ts';
import type { Finding } from './finding.ts';
import { additionalSchema, propertySchema, type JsonSchema } from './json-schema.ts';
import { jsonTypeOf } from './json-type.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { checkNumber, checkString } from './scalar-rules.ts';
import { checkAlternatives } from './schema-alternatives.ts';
import { joined, schemaErrors, type SchemaErrors } from './schema-error.ts';

export type ValidationOptions = {
  /** Where the value stands in its object; the root is the empty text. */
  readonly field?: string;
  /** The value before: parts that stay as they were may break rules that came later (ratcheting, KEP-4008). */
  readonly old?: unknown;
};

/** Values times schemas that one validation looks at: half a second on a small device. Data and schema may both be hostile. */
const maxSteps = 200_000;
/** More than anybody reads. */
const maxErrors = 100;

type Walk = { steps: number; readonly prefix: string };

/** Compares a value with its schema, in the words of Kubernetes (kube-openapi pkg/validation/validate). */
export function validateValue(
  value: unknown,
  schema: JsonSchema,
  { field = '', old }: ValidationOptions = {},
): readonly FieldError[] {
  const walk: Walk = { steps: 0, prefix: field };
  const { errors } = validate(value, schema, '', old, walk);
  if (walk.steps <= maxSteps) return errors;
  return [...errors, schemaErrors('', field).should('', 'be smaller to be compared with its schema')];
}

function validate(value: unknown, schema: JsonSchema, name: string, old: unknown, walk: Walk): Finding {
  if (++walk.steps > maxSteps || (old !== undefined && sameJson(value, old))) return { errors: [], matches: 1 };
  const errorsOf = schemaErrors(name, walk.prefix);
  const within = (inner: JsonSchema) => validate(value, inner, name, old, walk);
  const findings: Finding[] = [
    found(checkType(value, schema, errorsOf)),
    ...(value === null ? [] : checkAlternatives(schema, errorsOf, within)),
    found(checkEnum(value, schema, errorsOf)),
    ...checkByType(value, schema, errorsOf, { name, old, walk }),
  ];
  return {
    errors: findings.flatMap(({ errors }) => errors).slice(0, maxErrors),
    matches: findings.reduce((sum, { matches }) => sum + matches, 0),
  };
}

const found = (errors: readonly FieldError[]): Finding => ({ errors, matches: errors.length === 0 ? 1 : 0 });

function checkType(value: unknown, schema: JsonSchema, errors: SchemaErrors): FieldError[] {
  const wanted = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : (schema.type ?? '');
  const actual = jsonTypeOf(value);
  if (wanted === '' || wanted.split(',').includes(actual)) return [];
  if ((actual === 'null' && schema.nullable === true) || (actual === 'integer' && wanted === 'number')) return [];
  return [errors.wrongType(wanted, actual)];
}

const checkEnum = (value: unknown, schema: JsonSchema, errors: SchemaErrors): FieldError[] =>
  schema.enum === undefined || schema.enum.some((allowed) => sameJson(value, allowed))
    ? []
    : [errors.unsupported(value, schema.enum)];

type Place = { readonly name: string; readonly old: unknown; readonly walk: Walk };

function checkByType(value: unknown, schema: JsonSchema, errors: SchemaErrors, place: Place): readonly Finding[] {
  if (typeof value === 'string') return [found(checkString(value, schema, errors))];
  if (typeof value === 'number') return [found(checkNumber(value, schema, errors))];
  if (Array.isArray(value)) return checkList(value, schema, errors, place);
  return isObject(value) ? checkObject(value, schema, errors, place) : [];
}

function checkList(list: readonly unknown[], schema: JsonSchema, errors: SchemaErrors, place: Place): Finding[] {
  const { items, minItems, maxItems } = schema;
  const oldOf = correlatedElements(schema, place.old);
  const elements =
    items === undefined
      ? []
      : list.map((element, index) => validate(element, items, `${place.name}[${index}]`, oldOf(element), place.walk));
  return [
    ...elements,
    found([
      ...(minItems !== undefined && list.length < minItems
        ? [errors.should(list.length, `have at least ${minItems} items`)]
        : []),
      ...(maxItems !== undefined && list.length > maxItems ? [errors.tooMany(list.length, maxItems)] : []),
    ]),
  ];
}

function checkObject(object: JsonObject, schema: JsonSchema, errors: SchemaErrors, place: Place): Finding[] {
  const names = Object.keys(object);
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && names.length < minProperties)
    return [found([errors.should(names.length, `have at least ${minProperties} properties`)])];
  if (maxProperties !== undefined && names.length > maxProperties)
    return [found([errors.tooMany(names.length, maxProperties)])];
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(object, name));
  return [
    ...names.flatMap((name) => checkProperty(object, name, schema, errors, place)),
    ...missing.map((name) => found([errors.missing(name)])),
  ];
}

function checkProperty(
  object: JsonObject,
  name: string,
  schema: JsonSchema,
  errors: SchemaErrors,
  { name: parent, old, walk }: Place,
): Finding[] {
  const property = propertySchema(schema, name);
  if (property === undefined && schema.additionalProperties === false) return [found([errors.forbiddenProperty(name)])];
  const applies = property ?? additionalSchema(schema);
  if (applies === undefined) return [];
  const before = isObject(old) && Object.hasOwn(old, name) ? old[name] : undefined;
  return [validate(object[name], applies, joined(parent, name), before, walk)];
}
