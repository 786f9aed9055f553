import type { FieldError } from '../meta/field-error.ts';
import { duplicate, invalidValue, required } from '../meta/field-error.ts';
import { dnsSubdomain } from '../meta/names.ts';
import type { AdmissionMatchResources } from '../meta/types.ts';
import { validateLabelSelector } from './label-selector-validation.ts';
import { unique } from './unique.ts';
import { eachOf, oneOf } from './value-rules.ts';
import { validateWebhookRule } from './webhook-rule-validation.ts';
import { withDefaults } from './with-defaults.ts';

type NamedRule = NonNullable<AdmissionMatchResources['resourceRules']>[number];

const defaultRules = (rules: NamedRule[]): NamedRule[] => rules.map((rule) => withDefaults(rule, { scope: '*' }));

/** kubernetes pkg/apis/admissionregistration/v1/defaults.go SetDefaults_MatchResources */
export const defaultMatchResources = (resources: AdmissionMatchResources): AdmissionMatchResources => ({
  ...withDefaults(resources, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} }),
  ...(resources.resourceRules ? { resourceRules: defaultRules(resources.resourceRules) } : {}),
  ...(resources.excludeResourceRules ? { excludeResourceRules: defaultRules(resources.excludeResourceRules) } : {}),
});

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateMatchResources */
export const validateMatchResources = (resources: AdmissionMatchResources, field: string): FieldError[] => [
  ...oneOf(`${field}.matchPolicy`, resources.matchPolicy, ['Equivalent', 'Exact']),
  ...validateLabelSelector(resources.namespaceSelector ?? {}, `${field}.namespaceSelector`),
  ...validateLabelSelector(resources.objectSelector ?? {}, `${field}.objectSelector`),
  ...eachOf(`${field}.resourceRules`, resources.resourceRules, validateNamedRule),
  ...eachOf(`${field}.excludeResourceRules`, resources.excludeResourceRules, validateNamedRule),
];

const validateNamedRule = (rule: NamedRule, field: string): FieldError[] => [
  ...validateWebhookRule(rule, field),
  ...eachOf(`${field}.resourceNames`, rule.resourceNames, (name, at) =>
    name === '' ? [required(at)] : dnsSubdomain(name).map((text) => invalidValue(at, name, text)),
  ),
  ...unique(
    rule.resourceNames,
    (name) => name,
    (name, index) => duplicate(`${field}.resourceNames[${index}]`, name),
  ),
];
