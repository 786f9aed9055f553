import { bool, dyn, plain, string, type CelType } from '../meta/cel/cel-type.ts';
import type { Declarations } from '../meta/cel/check-expression.ts';
import { invalidValue, notSupported, required, tooMany, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain, qualifiedName } from '../meta/names.ts';
import type { ValidatingAdmissionPolicySpec } from '../meta/types.ts';
import { answerType, policyVariables, validateExpression, withComputed } from './admission-expression.ts';
import { validateMatchConditions } from './match-condition-validation.ts';
import { validateMatchResources } from './match-resources.ts';
import { unique, uniqueNames } from './unique.ts';
import { eachOf, given, oneOf } from './value-rules.ts';

type Validation = NonNullable<ValidatingAdmissionPolicySpec['validations']>[number];
type Variable = NonNullable<ValidatingAdmissionPolicySpec['variables']>[number];
type AuditAnnotation = NonNullable<ValidatingAdmissionPolicySpec['auditAnnotations']>[number];

const maxAuditAnnotations = 20;
/** More expressions than any known policy has; each costs some 50 µs when the policy is written, and far more when it is asked. */
const maxExpressions = 500;

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateValidatingAdmissionPolicySpec */
export function validatePolicy(spec: ValidatingAdmissionPolicySpec): FieldError[] {
  const { validations, auditAnnotations, variables, matchConditions, matchConstraints, paramKind } = spec;
  const known = policyVariables(paramKind !== undefined);
  const computed = computedTypes(variables ?? [], known);
  const all = withComputed(known, computed);
  const isEmpty = (list: readonly unknown[] | undefined) => (list ?? []).length === 0;
  for (const [name, list] of Object.entries({ validations, variables }))
    if ((list?.length ?? 0) > maxExpressions) return [tooMany(`spec.${name}`, list!.length, maxExpressions)];
  return [
    ...oneOf('spec.failurePolicy', spec.failurePolicy, ['Fail', 'Ignore']),
    ...(paramKind === undefined ? [] : validateParamKind(paramKind)),
    ...(matchConstraints === undefined
      ? [required('spec.matchConstraints')]
      : [
          ...validateMatchResources(matchConstraints, 'spec.matchConstraints'),
          ...(isEmpty(matchConstraints.resourceRules) ? [required('spec.matchConstraints.resourceRules')] : []),
        ]),
    ...validateMatchConditions(matchConditions, 'spec.matchConditions', known),
    ...eachOf('spec.variables', variables, (variable, at, index) =>
      validateVariable(variable, at, withComputed(known, computedTypes(variables!.slice(0, index), known))),
    ),
    ...uniqueNames(variables, 'spec.variables'),
    ...(isEmpty(validations) && isEmpty(auditAnnotations)
      ? [required('spec.validations', 'validations or auditAnnotations must contain at least one item')]
      : []),
    ...eachOf('spec.validations', validations, (validation, at) => validateValidation(validation, at, all)),
    ...((auditAnnotations?.length ?? 0) > maxAuditAnnotations
      ? [
          invalidValue(
            'spec.auditAnnotations',
            auditAnnotations,
            `must not have more than ${maxAuditAnnotations} auditAnnotations`,
          ),
        ]
      : eachOf('spec.auditAnnotations', auditAnnotations, (annotation, at) => validateAnnotation(annotation, at, all))),
    ...unique(
      auditAnnotations,
      ({ key }) => key,
      (_annotation, index, key) => ({
        reason: 'FieldValueDuplicate',
        field: `spec.auditAnnotations[${index}].key`,
        message: `Duplicate value: ${JSON.stringify(key)}`,
      }),
    ),
  ];
}

/** What each variable answers; those after it can use it. */
function computedTypes(variables: readonly Variable[], known: Declarations): ReadonlyMap<string, CelType> {
  const computed = new Map<string, CelType>();
  for (const { name = '', expression = '' } of variables as readonly Partial<Variable>[])
    computed.set(name, answerType(expression, withComputed(known, computed)) ?? dyn);
  return computed;
}

function validateParamKind({ apiVersion = '', kind = '' }: { apiVersion?: string; kind?: string }): FieldError[] {
  return [
    ...given('spec.paramKind.apiVersion', apiVersion),
    ...(apiVersion.split('/').length > 2
      ? [invalidValue('spec.paramKind.apiVersion', apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
      : []),
    ...given('spec.paramKind.kind', kind),
    ...(kind === '' ? [] : dnsSubdomain(kind.toLowerCase())).map((text) =>
      invalidValue('spec.paramKind.kind', kind, `may have mixed case, but should otherwise match: ${text}`),
    ),
  ];
}

function validateVariable({ name, expression }: Variable, field: string, known: Declarations): FieldError[] {
  const isName = /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name ?? '');
  return [
    ...given(`${field}.name`, name, 'name is not specified'),
    ...(name && !isName ? [invalidValue(`${field}.name`, name, 'name is not a valid CEL identifier')] : []),
    ...validateExpression(`${field}.expression`, expression, known, []),
  ];
}

const reasons = ['Unauthorized', 'Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const hasLineBreak = (text: string): boolean => /[\r\n]/.test(text);

function validateValidation(validation: Validation, field: string, known: Declarations): FieldError[] {
  const { expression = '', message, messageExpression, reason } = validation as Partial<Validation>;
  return [
    ...(expression.trim() === ''
      ? [required(`${field}.expression`, 'expression is not specified')]
      : validateExpression(`${field}.expression`, expression, known, [bool])),
    ...(messageExpression === undefined
      ? []
      : validateExpression(`${field}.messageExpression`, messageExpression, known, [string])),
    ...(message !== undefined && message !== '' && message.trim() === ''
      ? [invalidValue(`${field}.message`, message, 'message must be non-empty if specified')]
      : []),
    ...(hasLineBreak(message?.trim() ?? '')
      ? [invalidValue(`${field}.message`, message, 'message must not contain line breaks')]
      : []),
    ...(hasLineBreak(expression.trim()) && !message?.trim()
      ? [required(`${field}.message`, 'message must be specified if expression contains line breaks')]
      : []),
    ...(reason === undefined || reasons.includes(reason) ? [] : [notSupported(`${field}.reason`, reason, reasons)]),
  ];
}

const validateAnnotation = ({ key, valueExpression }: AuditAnnotation, field: string, known: Declarations) => [
  ...(key ? qualifiedName(key).map((text) => invalidValue(`${field}.key`, key, text)) : [required(`${field}.key`)]),
  ...validateExpression(`${field}.valueExpression`, valueExpression, known, [string, plain('null')]),
];
