import { checkFields, type FieldCheck } from '../meta/schema/check-fields.ts';
import { schemaType } from '../meta/schema/schema-table.ts';
import { parseSchemaType } from '../meta/schema/schema-type.ts';
import type { JsonSchema } from '../meta/structural-schema/json-schema.ts';
import { pruneFields } from '../meta/structural-schema/prune-fields.ts';

/** What all custom resources have of Kubernetes' own. */
const kubernetesPart = parseSchemaType('v1', 'CustomResource kind metadata=,meta/v1.ObjectMeta', schemaType);

const objectMeta = schemaType('meta/v1.ObjectMeta');

/** Reads a custom resource: metadata by the built-in schema, also that of resources inside it, all other fields by that of its definition. */
export function readCustomResource(object: object, schema: JsonSchema): FieldCheck {
  const { metadata } = object as { metadata?: unknown };
  const checks = [checkFields(metadata === undefined ? {} : { metadata }, kubernetesPart)];
  const pruned = pruneFields(object, schema, (inner, place) => {
    if (objectMeta === undefined || inner === null) return inner;
    const checked = checkFields(inner, objectMeta, place);
    checks.push(checked);
    return checked.object;
  });
  return {
    object: { ...(pruned.value as object), ...(checks[0]?.object as object) },
    unknown: [...checks.flatMap(({ unknown }) => unknown), ...pruned.unknown],
    typeErrors: checks.flatMap(({ typeErrors }) => typeErrors),
  };
}
