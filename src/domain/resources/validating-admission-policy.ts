import type { ValidatingAdmissionPolicy } from '../meta/types.ts';
import { defaultMatchResources } from './match-resources.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { validatePolicy } from './policy-validation.ts';
import { defineResource } from './resource-definition.ts';

/** kubernetes pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go */
export const validatingAdmissionPolicies = defineResource<ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  categories: ['api-extensions'],
  scope: 'Cluster',
  subresources: ['status'],
  statusMetadata: [],
  hasGeneration: true,
  default: ({ spec, ...policy }) => ({
    ...policy,
    spec: {
      ...spec,
      failurePolicy: spec?.failurePolicy ?? 'Fail',
      ...(spec?.matchConstraints ? { matchConstraints: defaultMatchResources(spec.matchConstraints) } : {}),
    },
  }),
  validate: ({ spec }) => validatePolicy(spec ?? {}),
  columns: [
    nameColumn,
    {
      name: 'Validations',
      type: 'integer',
      description: 'Validations indicates the number of validation rules defined in this configuration',
      cell: ({ spec }) => spec?.validations?.length ?? 0,
    },
    {
      name: 'ParamKind',
      type: 'string',
      description: 'ParamKind specifies the kind of resources used to parameterize this policy',
      cell: ({ spec }) =>
        spec?.paramKind ? `${spec.paramKind.apiVersion ?? ''}/${spec.paramKind.kind ?? ''}` : '<unset>',
    },
    ageColumn,
  ],
});
