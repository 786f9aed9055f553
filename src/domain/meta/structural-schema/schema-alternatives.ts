import type { Finding } from './finding.ts';
import type { JsonSchema } from './json-schema.ts';
import type { SchemaErrors } from './schema-error.ts';

/** How the value fares with another schema at the same place. */
type Try = (schema: JsonSchema) => Finding;

/** kube-openapi pkg/validation/validate/schema_props.go */
export const checkAlternatives = (schema: JsonSchema, errors: SchemaErrors, attempt: Try): Finding[] => [
  ...(schema.anyOf === undefined ? [] : [checkAnyOf(schema.anyOf, errors, attempt)]),
  ...(schema.oneOf === undefined ? [] : [checkOneOf(schema.oneOf, errors, attempt)]),
  ...(schema.allOf === undefined ? [] : checkAllOf(schema.allOf, errors, attempt)),
  ...(schema.not === undefined ? [] : [checkNot(schema.not, errors, attempt)]),
];

const isValid = ({ errors }: Finding): boolean => errors.length === 0;

function checkAnyOf(schemas: readonly JsonSchema[], errors: SchemaErrors, attempt: Try): Finding {
  const tried: Finding[] = [];
  for (const schema of schemas) {
    const finding = attempt(schema);
    if (isValid(finding)) return finding;
    tried.push(finding);
  }
  return failed(errors, 'must validate at least one schema (anyOf)', closest(tried));
}

function checkOneOf(schemas: readonly JsonSchema[], errors: SchemaErrors, attempt: Try): Finding {
  const tried = schemas.map(attempt);
  const valid = tried.filter(isValid);
  if (valid.length === 1) return valid[0]!;
  const what = 'must validate one and only one schema (oneOf).';
  return valid.length === 0
    ? failed(errors, `${what} Found none valid`, closest(tried))
    : failed(errors, `${what} Found ${valid.length} valid alternatives`);
}

function checkAllOf(schemas: readonly JsonSchema[], errors: SchemaErrors, attempt: Try): Finding[] {
  const tried = schemas.map(attempt);
  const valid = tried.filter(isValid).length;
  if (valid === schemas.length) return tried;
  return [...tried, failed(errors, `must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`)];
}

const checkNot = (schema: JsonSchema, errors: SchemaErrors, attempt: Try): Finding =>
  isValid(attempt(schema)) ? failed(errors, 'must not validate the schema (not)') : { errors: [], matches: 1 };

/** Its errors say more than that none fits. */
const closest = (tried: readonly Finding[]): Finding | undefined =>
  tried.reduce<Finding | undefined>(
    (best, one) => (best === undefined || one.matches > best.matches ? one : best),
    undefined,
  );

const failed = (errors: SchemaErrors, what: string, closestTry?: Finding): Finding => ({
  errors: [errors.composite(what), ...(closestTry?.errors ?? [])],
  matches: closestTry?.matches ?? 0,
});
