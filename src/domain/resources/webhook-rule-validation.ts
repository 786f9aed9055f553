import { invalidValue, required, type FieldError } from '../meta/field-error.ts';
import type { WebhookRule } from '../meta/types.ts';
import { eachOf, given, oneOf } from './value-rules.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

/** kubernetes pkg/apis/admissionregistration/validation/validation.go validateRuleWithOperations */
export const validateWebhookRule = (rule: WebhookRule, at: string): FieldError[] => [
  ...aloneIfWildcard(rule.operations, `${at}.operations`, 'operations'),
  ...eachOf(`${at}.operations`, rule.operations, (operation, field) => oneOf(field, operation, operations)),
  // A group may be empty: it is that of pods.
  ...aloneIfWildcard(rule.apiGroups, `${at}.apiGroups`, 'API groups'),
  ...aloneIfWildcard(rule.apiVersions, `${at}.apiVersions`, 'API versions'),
  ...eachOf(`${at}.apiVersions`, rule.apiVersions, (version, field) => given(field, version)),
  ...validateResources(rule.resources ?? [], `${at}.resources`),
  ...oneOf(`${at}.scope`, rule.scope, ['*', 'Cluster', 'Namespaced']),
];

function aloneIfWildcard(values: readonly string[] = [], field: string, what: string): FieldError[] {
  if (values.length === 0) return [required(field)];
  return values.length > 1 && values.includes('*')
    ? [invalidValue(field, values, `if '*' is present, must not specify other ${what}`)]
    : [];
}

function validateResources(resources: readonly string[], field: string): FieldError[] {
  if (resources.length === 0) return [required(field)];
  const others = resources.length > 1 && resources.includes('*/*');
  const whole = resources.includes('*') && resources.some((resource) => resource !== '*' && !resource.includes('/'));
  return [
    ...eachOf(field, resources, (resource, at, index) =>
      resource === '' ? [required(at)] : covered(resource, resources.slice(0, index), at),
    ),
    ...(others ? [invalidValue(field, resources, "if '*/*' is present, must not specify other resources")] : []),
    ...(whole
      ? [invalidValue(field, resources, "if '*' is present, must not specify other resources without subresources")]
      : []),
  ];
}

/** Nothing may be named that an earlier `x/*` or `*\/y` names already. */
function covered(text: string, earlier: readonly string[], at: string): FieldError[] {
  const [resource, subresource] = splitResource(text);
  if (subresource === undefined) return [];
  return [`${resource}/*`, `*/${subresource}`]
    .filter((wildcard) => earlier.includes(wildcard))
    .map((wildcard) => invalidValue(at, text, `if '${wildcard}' is present, must not specify ${text}`));
}

/** `pods/log` → pods, log; only the first slash divides. */
export function splitResource(text: string): [resource: string, subresource: string | undefined] {
  const slash = text.indexOf('/');
  return slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}
