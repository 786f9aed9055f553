import type { ValidatingAdmissionPolicyBinding } from '../meta/types.ts';
import { defaultMatchResources } from './match-resources.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { validatePolicyBinding } from './policy-binding-validation.ts';
import { defineResource } from './resource-definition.ts';

/** What Go has where the body has nothing; validation then says what is missing. */
const emptySpec = { policyName: '', validationActions: [] };

/** kubernetes pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go */
export const validatingAdmissionPolicyBindings = defineResource<ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  categories: ['api-extensions'],
  scope: 'Cluster',
  hasGeneration: true,
  default: ({ spec, ...binding }) => ({
    ...binding,
    spec: {
      ...emptySpec,
      ...spec,
      ...(spec?.matchResources ? { matchResources: defaultMatchResources(spec.matchResources) } : {}),
    },
  }),
  validate: ({ spec }) => validatePolicyBinding(spec ?? emptySpec),
  columns: [
    nameColumn,
    {
      name: 'PolicyName',
      type: 'string',
      description: 'PolicyName indicates the policy definition which the policy binding binded to',
      cell: ({ spec }) => spec?.policyName ?? '',
    },
    {
      name: 'ParamRef',
      type: 'string',
      description: 'ParamRef indicates the param resource which sets the configration param',
      cell: ({ spec }) => paramRefText(spec?.paramRef),
    },
    ageColumn,
  ],
});

type ParamRef = NonNullable<NonNullable<ValidatingAdmissionPolicyBinding['spec']>['paramRef']>;

function paramRefText(paramRef: ParamRef | undefined): string {
  if (paramRef === undefined) return '<unset>';
  const { name = '*', namespace } = paramRef;
  return namespace === undefined ? name : `${namespace}/${name}`;
}
