import { checkFields, type FieldCheck } from '../meta/schema/check-fields.ts';
import type { FieldPlace } from '../meta/schema/field-place.ts';
import { schemaOfKind, schemaType } from '../meta/schema/schema-table.ts';

const schemaKey = 'apiextensions.k8s.io/v1.JSONSchemaProps';

/**
 * Reads a CustomResourceDefinition. Some members of a schema are a schema or something else (JSONSchemaPropsOrBool …), which the table of
 * built-in types cannot say; they are read here, so that all code behind may rely on schemas being schemas.
 */
export function readDefinitionFields(object: object): FieldCheck {
  const type = schemaOfKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition');
  if (type === undefined) throw new Error('the schema table has no CustomResourceDefinition');
  const checked = checkFields(object, type);
  const reports = { unknown: [...checked.unknown], typeErrors: [...checked.typeErrors] };
  return { object: readInside(checked.object, 'any', undefined, reports), ...reports };
}

type Reports = { unknown: string[]; typeErrors: string[] };

/** What a value is: `any` may hold schemas further inside, `schemas` is a map of them by names that users choose. */
type Role = 'any' | 'schema' | 'schemas';

/** The members that may be a schema or this. */
const schemaOr: Readonly<Record<string, (value: unknown) => boolean>> = {
  items: Array.isArray,
  additionalProperties: (value) => typeof value === 'boolean',
  additionalItems: (value) => typeof value === 'boolean',
};

/** Undefined for members that hold no schemas, such as a default. */
const rolesInSchema: Readonly<Record<string, Role>> = {
  properties: 'schemas',
  patternProperties: 'schemas',
  definitions: 'schemas',
  allOf: 'schema',
  anyOf: 'schema',
  oneOf: 'schema',
  not: 'schema',
};

function readInside(value: unknown, role: Role, parent: FieldPlace | undefined, reports: Reports): unknown {
  if (Array.isArray(value))
    return value.map((element, index) =>
      readInside(element, role, { parent, step: { kind: 'index', index } }, reports),
    );
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const place: FieldPlace = { parent, step: { kind: 'key', name } };
      if (role === 'schema') return [name, readMember(name, member, place, reports)];
      const inner = role === 'schemas' || name === 'openAPIV3Schema' ? 'schema' : role;
      return [name, readInside(member, inner, place, reports)];
    }),
  );
}

function readMember(name: string, value: unknown, place: FieldPlace, reports: Reports): unknown {
  if (Object.hasOwn(rolesInSchema, name)) return readInside(value, rolesInSchema[name]!, place, reports);
  if (!Object.hasOwn(schemaOr, name) || schemaOr[name]!(value)) return value;
  return readInside(readSchema(value, place, reports), 'schema', place, reports);
}

function readSchema(value: unknown, place: FieldPlace, reports: Reports): unknown {
  const type = schemaType(schemaKey);
  if (type === undefined) throw new Error(`the schema table has no ${schemaKey}`);
  const { object, unknown, typeErrors } = checkFields(value, type, place);
  reports.unknown.push(...unknown);
  reports.typeErrors.push(...typeErrors);
  return object ?? {};
}
