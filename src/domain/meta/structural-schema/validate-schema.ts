import { forbiddenField, type FieldError } from '../field-error.ts';
import type { JsonSchema } from './json-schema.ts';
import { validateDefaults } from './schema-defaults.ts';
import { validateRuleDefinitions } from './rule-definitions.ts';
import { validateSchemaRules } from './schema-rules.ts';
import { validateStructure } from './schema-structure.ts';

/** What is wrong with the schema of a custom resource; `field` is where it stands. */
export function validateSchema(schema: JsonSchema, field: string): FieldError[] {
  const rules = validateSchemaRules(schema, field);
  const structure = Array.isArray(schema.items) ? [] : validateStructure(schema, field);
  return [
    ...(schema.nullable === true ? [forbiddenField(`${field}.nullable`, 'nullable cannot be true at the root')] : []),
    ...structure,
    // Defaults and expressions mean something only in a schema that does.
    ...(structure.length + rules.length > 0 ? [] : validateMeaning(schema, field)),
    ...rules,
  ];
}

function validateMeaning(schema: JsonSchema, field: string): FieldError[] {
  const expressions = validateRuleDefinitions(schema, field);
  return [...expressions, ...validateDefaults(schema, field, expressions.length === 0)];
}
