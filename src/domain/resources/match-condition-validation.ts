import { bool } from '../meta/cel/cel-type.ts';
import type { Declarations } from '../meta/cel/check-expression.ts';
import { tooMany, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { validateExpression } from './admission-expression.ts';
import { uniqueNames } from './unique.ts';
import { eachOf, givenName } from './value-rules.ts';

type MatchCondition = { name?: string; expression?: string };

const maxConditions = 64;

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateMatchConditions */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  field: string,
  variables: Declarations,
): FieldError[] {
  const count = conditions?.length ?? 0;
  if (count > maxConditions) return [tooMany(field, count, maxConditions)];
  return [
    ...eachOf(field, conditions, ({ name, expression }, at) => [
      ...validateExpression(`${at}.expression`, expression, variables, [bool]),
      ...givenName(`${at}.name`, name, qualifiedName),
    ]),
    ...uniqueNames(conditions, field),
  ];
}
