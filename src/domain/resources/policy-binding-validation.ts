import { duplicate, forbiddenField, invalidValue, required, type FieldError } from '../meta/field-error.ts';
import { dnsSubdomain } from '../meta/names.ts';
import type { ValidatingAdmissionPolicyBinding } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { validateMatchResources } from './match-resources.ts';
import { unique } from './unique.ts';
import { eachOf, given, oneOf } from './value-rules.ts';

type Spec = NonNullable<ValidatingAdmissionPolicyBinding['spec']>;

const actions = ['Audit', 'Deny', 'Warn'];

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateValidatingAdmissionPolicyBindingSpec */
export const validatePolicyBinding = ({
  policyName = '',
  paramRef,
  matchResources,
  validationActions = [],
}: Partial<Spec>): FieldError[] => [
  ...(policyName === ''
    ? [required('spec.policyName')]
    : dnsSubdomain(policyName).map((text) => invalidValue('spec.policyName', policyName, text))),
  ...(paramRef === undefined ? [] : validateParamRef(paramRef, 'spec.paramRef')),
  ...(matchResources === undefined ? [] : validateMatchResources(matchResources, 'spec.matchResources')),
  ...(validationActions.length === 0
    ? [required('spec.validationActions', 'at least one validation action is required')]
    : []),
  ...eachOf('spec.validationActions', validationActions, (action, at) => oneOf(at, action, actions)),
  ...unique(
    validationActions,
    (action) => action,
    (action, index) => duplicate(`spec.validationActions[${index}]`, action),
  ),
  ...(validationActions.includes('Deny') && validationActions.includes('Warn')
    ? [
        invalidValue(
          'spec.validationActions',
          validationActions,
          'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
        ),
      ]
    : []),
];

function validateParamRef(
  { name = '', selector, parameterNotFoundAction }: NonNullable<Spec['paramRef']>,
  field: string,
): FieldError[] {
  return [
    ...(name === '' ? [] : dnsSubdomain(name).map((text) => invalidValue(`${field}.name`, name, text))),
    ...(name !== '' && selector !== undefined
      ? [forbiddenField(`${field}.name`, 'name and selector are mutually exclusive')]
      : []),
    ...(selector === undefined ? [] : validateLabelSelector(selector, `${field}.selector`)),
    ...(name === '' && selector === undefined ? [required(field, 'one of name or selector must be specified')] : []),
    ...given(`${field}.parameterNotFoundAction`, parameterNotFoundAction),
    ...oneOf(`${field}.parameterNotFoundAction`, parameterNotFoundAction, ['Deny', 'Allow']),
  ];
}
