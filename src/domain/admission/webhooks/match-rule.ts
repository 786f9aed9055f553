import type { WebhookRule } from '../../meta/types.ts';
import { namespaces } from '../../resources/namespace.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { splitResource } from '../../resources/webhook-rule-validation.ts';
import type { AdmissionRequest } from '../chain.ts';

type Asked = Pick<AdmissionRequest, 'operation' | 'subresource'>;
type Seen = Pick<ResourceDefinition, 'group' | 'version' | 'plural' | 'scope'>;

/** Whether the rule speaks of this operation on this resource (apiserver pkg/admission/plugin/webhook/predicates/rules/rules.go). */
export const matchRule = (rule: WebhookRule, { operation, subresource }: Asked, resource: Seen): boolean =>
  includes(rule.operations, operation) &&
  includes(rule.apiGroups, resource.group) &&
  includes(rule.apiVersions, resource.version) &&
  matchScope(rule.scope, resource) &&
  (rule.resources ?? []).some((text) => matchResource(text, resource.plural, subresource ?? ''));

const includes = (patterns: readonly string[] | undefined, value: string): boolean =>
  patterns?.some((pattern) => pattern === '*' || pattern === value) ?? false;

/** Namespaces themselves are cluster-scoped, although requests for one carry its name as their namespace. */
const matchScope = (scope: string | undefined, { scope: actual }: Seen): boolean =>
  scope === undefined || scope === '*' || scope === actual;

/** `pods` is the resource without subresources, `pods/*` both, `*` every resource without subresources. */
function matchResource(text: string, plural: string, subresource: string): boolean {
  const [resource, sub = ''] = splitResource(text);
  return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
}

export const isNamespace = ({ group, plural }: Pick<ResourceDefinition, 'group' | 'plural'>): boolean =>
  group === namespaces.group && plural === namespaces.plural;
