import { checkFields, type FieldCheck } from '../meta/schema/check-fields.ts';
import { schemaType } from '../meta/schema/schema-table.ts';
import { parseSchemaType } from '../meta/schema/schema-type.ts';
import type { JsonSchema } from '../meta/structural-schema/json-schema.ts';
import { pruneFields } from '../meta/structural-schema/prune-fields.ts';

/** What all custom resources have of Kubernetes' own. */
const kubernetesPart = parseSchemaType('v1', 'CustomResource kind metadata=,meta/v1.ObjectMeta', schemaType);

/** Reads a custom resource: metadata by the built-in schema, all other fields by that of its definition. */
export function readCustomResource(object: object, schema: JsonSchema): FieldCheck {
  const { metadata } = object as { metadata?: unknown };
  const checked = checkFields(metadata === undefined ? {} : { metadata }, kubernetesPart);
  const pruned = pruneFields(object, schema);
  return {
    object: { ...(pruned.value as object), ...(checked.object as object) },
    unknown: [...checked.unknown, ...pruned.unknown],
    typeErrors: checked.typeErrors,
  };
}
