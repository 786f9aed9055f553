import type { Lister } from '../admission/chain.ts';
import { privilegedGroup, type UserInfo } from '../meta/user-info.ts';
import type { Authorizer, Decision, UserRules } from './authorizer.ts';
import { describeGrant, grantsTo, missingRole, type Grant } from './grants.ts';
import type { RequestAttributes } from './request-attributes.ts';
import { ruleAllows } from './rule-allows.ts';

/** Roles and bindings as they are stored now decide (kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go). */
export const rbacAuthorizer = (lister: Lister): Authorizer => ({
  authorize: (user, attributes) =>
    user.groups.includes(privilegedGroup) ? { allowed: true, reason: '' } : decide(lister, user, attributes),
  rulesFor: (user, namespace) => allRules(lister, user, namespace),
});

function decide(lister: Lister, user: UserInfo, attributes: RequestAttributes): Decision {
  const namespace = attributes.kind === 'resource' ? (attributes.namespace ?? '') : '';
  const missing = new Set<string>();
  for (const grant of grantsTo(lister, user, namespace)) {
    if (grant.rules?.some((rule) => ruleAllows(rule, attributes))) {
      return { allowed: true, reason: `RBAC: allowed by ${describeGrant(grant)}` };
    }
    noteMissing(missing, grant);
  }
  return { allowed: false, reason: missing.size === 0 ? '' : `RBAC: ${aggregate([...missing])}` };
}

function allRules(lister: Lister, user: UserInfo, namespace: string): UserRules {
  const grants = [...grantsTo(lister, user, namespace)];
  const missing = new Set<string>();
  grants.forEach((grant) => noteMissing(missing, grant));
  return { rules: grants.flatMap(({ rules }) => rules ?? []), missing: [...missing] };
}

/** More than anybody reads. */
const mostMissing = 10;

function noteMissing(missing: Set<string>, { binding, rules }: Grant): void {
  if (rules === undefined && missing.size < mostMissing) missing.add(missingRole(binding.roleRef));
}

/** apimachinery pkg/util/errors Aggregate */
export const aggregate = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
