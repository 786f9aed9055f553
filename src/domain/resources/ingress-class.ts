import { forbiddenField, invalidValue, notSupported, required, tooLong, type FieldError } from '../meta/field-error.ts';
import { dnsLabel, domainPrefixedPath } from '../meta/names.ts';
import type { IngressClass } from '../meta/types.ts';
import { ageColumn, nameColumn } from './metadata-columns.ts';
import { defineResource } from './resource-definition.ts';
import { validateTypedReference } from './typed-reference-validation.ts';
import { givenName, named } from './value-rules.ts';
import { withDefaults } from './with-defaults.ts';

type Parameters = NonNullable<NonNullable<IngressClass['spec']>['parameters']>;

const maxControllerLength = 250;
const field = 'spec.parameters';

/** A class stands above namespaces, its parameters may live in one. */
function validateParameters({ scope, namespace, ...reference }: Parameters): FieldError[] {
  return [...validateTypedReference(reference, field), ...validateScope(scope ?? '', namespace)];
}

function validateScope(scope: string, namespace: string | undefined): FieldError[] {
  switch (scope) {
    case 'Namespace':
      if (namespace === undefined) {
        return [required(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'")];
      }
      return named(`${field}.namespace`, namespace, dnsLabel);
    case 'Cluster':
      return namespace === undefined
        ? []
        : [forbiddenField(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'")];
    default:
      return [notSupported(`${field}.scope`, scope, ['Cluster', 'Namespace'])];
  }
}

/** kubernetes pkg/apis/networking/validation/validation.go ValidateIngressClass */
const validateIngressClass = ({ spec }: IngressClass): FieldError[] => [
  ...((spec?.controller ?? '').length > maxControllerLength ? [tooLong('spec.controller', maxControllerLength)] : []),
  ...givenName('spec.controller', spec?.controller, domainPrefixedPath),
  ...(spec?.parameters ? validateParameters(spec.parameters) : []),
];

const keepsController = (next: IngressClass, current: IngressClass): FieldError[] =>
  next.spec?.controller === current.spec?.controller
    ? []
    : [invalidValue('spec.controller', next.spec?.controller, 'field is immutable')];

const parametersCell = ({ spec }: IngressClass): string => {
  if (!spec?.parameters) return '<none>';
  const { apiGroup, kind, name } = spec.parameters;
  return `${kind}${apiGroup ? `.${apiGroup}` : ''}/${name}`;
};

/** kubernetes pkg/registry/networking/ingressclass/strategy.go */
export const ingressClasses = defineResource<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  scope: 'Cluster',
  hasGeneration: true,
  default: (object) =>
    object.spec?.parameters
      ? { ...object, spec: { ...object.spec, parameters: withDefaults(object.spec.parameters, { scope: 'Cluster' }) } }
      : object,
  validate: validateIngressClass,
  validateUpdate: keepsController,
  columns: [
    nameColumn,
    { name: 'Controller', type: 'string', cell: ({ spec }) => spec?.controller ?? '' },
    { name: 'Parameters', type: 'string', cell: parametersCell },
    ageColumn,
  ],
});
