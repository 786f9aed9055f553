import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { nonNegative } from './value-rules.ts';

/** A count of pods, or a share of them such as `25%` (apimachinery pkg/util/intstr). */
export type IntOrPercent = number | string;

type Absent = undefined | null;

/** NaN when it is neither. */
export const readIntOrPercent = (value: IntOrPercent | Absent): { number: number; isPercent: boolean } =>
  typeof value === 'string'
    ? { number: /^\d{1,9}%$/.test(value) ? Number(value.slice(0, -1)) : NaN, isPercent: true }
    : { number: value ?? 0, isPercent: false };

/** GetScaledValueFromIntOrPercent; what is neither counts as nothing. */
export function scaledIntOrPercent(
  value: IntOrPercent | Absent,
  total: number,
  round: (exact: number) => number,
): number {
  const { number, isPercent } = readIntOrPercent(value);
  if (Number.isNaN(number)) return 0;
  return isPercent ? round((number * total) / 100) : number;
}

/** kubernetes pkg/apis/apps/validation/validation.go ValidatePositiveIntOrPercent */
export const validateIntOrPercent = (field: string, value: IntOrPercent | Absent): FieldError[] =>
  Number.isNaN(readIntOrPercent(value).number)
    ? [
        invalidValue(
          field,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
      ]
    : nonNegative(field, readIntOrPercent(value).number);

/** IsNotMoreThan100Percent */
export const atMostAll = (field: string, value: IntOrPercent | Absent): FieldError[] => {
  const { number, isPercent } = readIntOrPercent(value);
  return isPercent && number > 100 ? [invalidValue(field, value, 'must not be greater than 100%')] : [];
};
