import { forbiddenField, notSupported, required, type FieldError } from '../meta/field-error.ts';
import { validateLabels } from '../meta/label-validation.ts';
import { labelValue, qualifiedName } from '../meta/names.ts';
import type { LabelSelector } from '../meta/types.ts';
import { eachOf, named } from './value-rules.ts';

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

/** Whether the operator wants values. */
const operators = new Map([
  ['In', true],
  ['NotIn', true],
  ['Exists', false],
  ['DoesNotExist', false],
]);

function validateValues({ operator, values = [] }: Expression, field: string): FieldError[] {
  const wanted = operators.get(operator);
  if (wanted === undefined) return [notSupported(`${field}.operator`, operator, [...operators.keys()].toSorted())];
  if (wanted && values.length === 0) {
    return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  return !wanted && values.length > 0
    ? [forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    : [];
}

/** apimachinery pkg/apis/meta/v1/validation/validation.go ValidateLabelSelector */
export const validateLabelSelector = (selector: LabelSelector, field: string): FieldError[] => [
  ...validateLabels(selector.matchLabels ?? {}, `${field}.matchLabels`),
  ...eachOf(`${field}.matchExpressions`, selector.matchExpressions, (expression, at) => [
    ...validateValues(expression, at),
    ...named(`${at}.key`, expression.key ?? '', qualifiedName),
    ...eachOf(`${at}.values`, expression.values, (value, path) => named(path, value, labelValue)),
  ]),
];
