import { admissionFunctions } from '../meta/cel/authorizer-library.ts';
import { checkCel } from '../meta/cel/cel.ts';
import {
  bool,
  dyn,
  formatType,
  isAssignable,
  listType,
  mapType,
  plain,
  string,
  type CelType,
} from '../meta/cel/cel-type.ts';
import type { Declarations } from '../meta/cel/check-expression.ts';
import { invalidValue, required, type FieldError } from '../meta/field-error.ts';

const objectType = (name: string, fields: Readonly<Record<string, CelType>>): CelType => ({
  kind: 'object',
  name,
  field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
});

const names = (name: string, ...fields: readonly string[]): CelType =>
  objectType(name, Object.fromEntries(fields.map((field) => [field, string])));

const kind = names('kubernetes.GroupVersionKind', 'group', 'version', 'kind');
const resource = names('kubernetes.GroupVersionResource', 'group', 'version', 'resource');

/** apiserver pkg/admission/plugin/cel/compile.go BuildRequestType */
const request = objectType('kubernetes.AdmissionRequest', {
  kind,
  resource,
  subResource: string,
  requestKind: kind,
  requestResource: resource,
  requestSubResource: string,
  name: string,
  namespace: string,
  operation: string,
  userInfo: objectType('kubernetes.UserInfo', {
    username: string,
    uid: string,
    groups: listType(string),
    extra: mapType(string, listType(string)),
  }),
  dryRun: bool,
  options: dyn,
});

const authorizer = plain('kubernetes.authorization.Authorizer');

/** A variable whose name has a dot: what is written, to ask who may do what with it. */
export const requestResource = 'authorizer.requestResource';

/** What expressions about a write know. Objects are of any kind, so that what they have is found out when there is one. */
export const webhookVariables: Declarations = new Map([
  ['object', dyn],
  ['oldObject', dyn],
  ['request', request],
  ['authorizer', authorizer],
  [requestResource, plain('kubernetes.authorization.ResourceCheck')],
]);

export const policyVariables = (hasParams: boolean): Declarations =>
  new Map([...webhookVariables, ['namespaceObject', dyn], ...(hasParams ? [['params', dyn] as const] : [])]);

/** The variables with those that a policy computes of them: `variables.name`. */
export const withComputed = (variables: Declarations, computed: ReadonlyMap<string, CelType>): Declarations =>
  new Map([
    ...variables,
    ['variables', { kind: 'object', name: 'kubernetes.variables', field: (name) => computed.get(name) } as const],
  ]);

/** The type of what the expression answers; undefined where it was wrong in another way already. */
export const answerType = (text: string, variables: Declarations): CelType | undefined => {
  const checked = checkCel(text, variables, admissionFunctions());
  return checked.kind === 'valid' ? checked.type : undefined;
};

/** What is wrong with an expression (kubernetes pkg/apis/admissionregistration/validation/validation.go validateCELCondition). */
export function validateExpression(
  field: string,
  expression: string | undefined,
  variables: Declarations,
  wanted: readonly CelType[],
): FieldError[] {
  const text = expression?.trim() ?? '';
  if (text === '') return [required(field)];
  const checked = checkCel(text, variables, admissionFunctions());
  if (checked.kind === 'invalid') return [invalidValue(field, expression, `compilation failed: ${checked.message}`)];
  if (wanted.length === 0 || wanted.some((type) => isAssignable(type, checked.type))) return [];
  const texts = wanted.map(formatType);
  return [
    invalidValue(
      field,
      expression,
      texts.length === 1 ? `must evaluate to ${texts[0]}` : `must evaluate to one of the types: [${texts.join(' ')}]`,
    ),
  ];
}
