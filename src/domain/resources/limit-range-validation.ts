import { duplicate, forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { qualifiedName } from '../meta/names.ts';
import { parseQuantity } from '../meta/quantity.ts';
import { amountText } from '../meta/resource-list.ts';
import type { LimitRange, LimitRangeItem } from '../meta/types.ts';
import { validateContainerResource } from './resource-requirements-validation.ts';
import { isOvercommitAllowed, validateResourceName } from './standard-resource-names.ts';
import { unique } from './unique.ts';
import { eachOf, named } from './value-rules.ts';

const types = ['Container', 'PersistentVolumeClaim', 'Pod'];

function validateType(type: string, field: string): FieldError[] {
  const errors = named(field, type, qualifiedName);
  if (errors.length > 0 || type.includes('/') || types.includes(type)) return errors;
  return [invalidValue(field, type, 'must be a standard limit type or fully qualified')];
}

const bounds = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;
type Bound = (typeof bounds)[number];
type Limit = LimitRangeItem & { [B in Bound]?: Readonly<Record<string, string>> };

/** Pods are measured as a whole; there is nothing to fill in. */
const isForbidden = (limit: Limit, bound: Bound): boolean =>
  limit.type === 'Pod' && (bound === 'default' || bound === 'defaultRequest');

function validateNames(limit: Limit, field: string): FieldError[] {
  const ruleOf = limit.type === 'Pod' || limit.type === 'Container' ? validateContainerResource : validateResourceName;
  return bounds.flatMap((bound) => {
    const names = Object.keys(limit[bound] ?? {});
    if (isForbidden(limit, bound)) {
      return names.length === 0
        ? []
        : [forbiddenField(`${field}.${bound}`, "may not be specified when `type` is 'Pod'")];
    }
    return names.flatMap((name) => ruleOf(name, `${field}.${bound}[${name}]`));
  });
}

const validateStorage = ({ type, min, max }: Limit, field: string): FieldError[] =>
  type === 'PersistentVolumeClaim' &&
  amountText(min, 'storage') === undefined &&
  amountText(max, 'storage') === undefined
    ? [required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided')]
    : [];

/** No amount of the first bound may exceed that of the second; the error is at the third and shows the value of the fourth. */
const order: readonly (readonly [
  low: Bound,
  high: Bound,
  at: Bound,
  shown: Bound,
  lowName: string,
  highName: string,
])[] = [
  ['min', 'max', 'min', 'min', 'min', 'max'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min', 'default request'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request', 'max'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request', 'default limit'],
  ['min', 'default', 'default', 'min', 'min', 'default'],
  ['default', 'max', 'default', 'max', 'default', 'max'],
];

const nanoOf = (amount: string): bigint => parseQuantity(amount)?.nano ?? 0n;

const validateOrder = (limit: Limit, name: string, field: string): FieldError[] =>
  order.flatMap(([low, high, at, shown, lowName, highName]) => {
    const [least, most] = [amountText(limit[low], name), amountText(limit[high], name)];
    if (least === undefined || most === undefined || nanoOf(least) <= nanoOf(most)) return [];
    const detail = `${lowName} value ${least} is greater than ${highName} value ${most}`;
    return [invalidValue(`${field}.${at}[${name}]`, amountText(limit[shown], name), detail)];
  });

function validateRatio({ min, max, maxLimitRequestRatio }: Limit, name: string, field: string): FieldError[] {
  const [least, most, ratio] = [min, max, maxLimitRequestRatio].map((list) => amountText(list, name));
  if (ratio === undefined) return [];
  const refused = (detail: string) => [invalidValue(`${field}.maxLimitRequestRatio[${name}]`, ratio, detail)];
  const wanted = Number(nanoOf(ratio)) / 1e9;
  if (wanted < 1) return refused(`ratio ${ratio} is less than 1`);
  if (least === undefined || most === undefined) return [];
  const possible = Number(nanoOf(most)) / Number(nanoOf(least));
  return wanted > possible ? refused(`ratio ${ratio} is greater than max/min = ${possible.toFixed(6)}`) : [];
}

function validateOvercommit(limit: Limit, name: string, field: string): FieldError[] {
  const [most, request] = [limit.default, limit.defaultRequest].map((list) => amountText(list, name));
  if (isOvercommitAllowed(name) || most === undefined || request === undefined) return [];
  return nanoOf(most) === nanoOf(request)
    ? []
    : [
        invalidValue(
          `${field}.defaultRequest[${name}]`,
          request,
          `default value ${most} must equal to defaultRequest value ${request} in ${name}`,
        ),
      ];
}

const validateLimit = (limit: Limit, field: string): FieldError[] => {
  const measured = bounds.filter((bound) => !isForbidden(limit, bound));
  const names = [...new Set(measured.flatMap((bound) => Object.keys(limit[bound] ?? {})))];
  return [
    ...validateType(limit.type ?? '', `${field}.type`),
    ...validateNames(limit, field),
    ...validateStorage(limit, field),
    ...names.flatMap((name) => [
      ...validateOrder(limit, name, field),
      ...validateRatio(limit, name, field),
      ...validateOvercommit(limit, name, field),
    ]),
  ];
};

/** kubernetes pkg/apis/core/validation/validation.go ValidateLimitRange */
export const validateLimitRange = ({ spec }: LimitRange): FieldError[] => [
  ...unique(
    spec?.limits,
    ({ type }) => type,
    (_limit, index, type) => duplicate(`spec.limits[${index}].type`, type),
  ),
  ...eachOf('spec.limits', spec?.limits, validateLimit),
];
