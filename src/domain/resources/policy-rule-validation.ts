import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { PolicyRule } from '../meta/types.ts';
import { eachOf } from './value-rules.ts';

const isEmpty = (list: readonly string[] | undefined): boolean => (list ?? []).length === 0;

/** kubernetes pkg/apis/rbac/validation/validation.go ValidatePolicyRule */
export const validatePolicyRules = (rules: readonly PolicyRule[] | undefined, isNamespaced: boolean): FieldError[] =>
  eachOf('rules', rules, (rule, field) => [
    ...(isEmpty(rule.verbs) ? [required(`${field}.verbs`, 'verbs must contain at least one value')] : []),
    ...(isEmpty(rule.nonResourceURLs) ? resourceRule(rule, field) : pathRule(rule, field, isNamespaced)),
  ]);

const resourceRule = ({ apiGroups, resources }: PolicyRule, field: string): FieldError[] => [
  ...(isEmpty(apiGroups) ? [required(`${field}.apiGroups`, 'resource rules must supply at least one api group')] : []),
  ...(isEmpty(resources) ? [required(`${field}.resources`, 'resource rules must supply at least one resource')] : []),
];

function pathRule(rule: PolicyRule, field: string, isNamespaced: boolean): FieldError[] {
  const refuse = (why: string) => invalidValue(`${field}.nonResourceURLs`, rule.nonResourceURLs, why);
  const isBoth = !isEmpty(rule.apiGroups) || !isEmpty(rule.resources) || !isEmpty(rule.resourceNames);
  return [
    ...(isNamespaced ? [refuse('namespaced rules cannot apply to non-resource URLs')] : []),
    ...(isBoth ? [refuse('rules cannot apply to both regular resources and non-resource URLs')] : []),
  ];
}
