import type { PolicyRule } from '../meta/types.ts';
import type { RequestAttributes, ResourceAttributes } from './request-attributes.ts';

/** Whether this rule alone allows it (kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go RuleAllows). */
export const ruleAllows = (rule: PolicyRule, attributes: RequestAttributes): boolean =>
  has(rule.verbs, attributes.verb) &&
  (attributes.kind === 'path'
    ? (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, attributes.path))
    : has(rule.apiGroups, attributes.group) && hasResource(rule, attributes) && hasName(rule, attributes));

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** `*` is every resource and subresource, `pods` not `pods/log`, and `*` before the slash any resource (kubernetes pkg/apis/rbac/v1 ResourceMatches). */
function hasResource({ resources }: PolicyRule, { resource, subresource }: ResourceAttributes): boolean {
  if (subresource === undefined) return has(resources, resource);
  return has(resources, `${resource}/${subresource}`) || resources?.includes(`*/${subresource}`) === true;
}

/** A request that names no object, such as a list, is not met by a rule about named ones. */
const hasName = ({ resourceNames = [] }: PolicyRule, { name = '' }: ResourceAttributes): boolean =>
  resourceNames.length === 0 || resourceNames.includes(name);

/** `*` stands for something at the end only (kubernetes pkg/apis/rbac/v1 NonResourceURLMatches). */
export const pathMatches = (pattern: string, path: string): boolean =>
  pattern === path || (pattern.endsWith('*') && path.startsWith(withoutStars(pattern)));

/** A loop, because a regular expression for it takes quadratic time on a hostile pattern. */
function withoutStars(pattern: string): string {
  let end = pattern.length;
  while (pattern[end - 1] === '*') end -= 1;
  return pattern.slice(0, end);
}
