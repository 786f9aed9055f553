import { forbidden, type GroupResource, type StatusError } from '../meta/status-error.ts';
import type { PolicyRule } from '../meta/types.ts';
import type { UserInfo } from '../meta/user-info.ts';
import type { Authorizer } from './authorizer.ts';
import { coverage } from './covers.ts';

export type Grantor = { authorizer: Authorizer; user: UserInfo; namespace: string };

/**
 * Nobody can give away what he does not have: throws 403 naming what is missing
 * (kubernetes pkg/registry/rbac/validation/rule.go ConfirmNoEscalation).
 */
export function confirmNoEscalation(
  { authorizer, user, namespace }: Grantor,
  granted: readonly PolicyRule[],
  resource: GroupResource,
  name: string,
): void {
  const { rules, missing } = authorizer.rulesFor(user, namespace);
  const result = coverage(rules, granted);
  switch (result.kind) {
    case 'covered':
      return;
    case 'tooManyParts':
      throw forbidden(resource, name, 'the rules have too many combinations to compare them with those of the user');
    case 'missing':
      throw escalation(user, result.parts, missing, resource, name);
  }
}

/** True for somebody who has everything, by whatever role. */
export const hasFullAuthority = ({ authorizer, user, namespace }: Grantor): boolean =>
  coverage(authorizer.rulesFor(user, namespace).rules, fullAuthority).kind === 'covered';

const fullAuthority: readonly PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

/** More than anybody reads. */
const mostLines = 100;

function escalation(
  { name: user, groups }: UserInfo,
  parts: readonly PolicyRule[],
  missingRoles: readonly string[],
  resource: GroupResource,
  name: string,
): StatusError {
  const lines = withVerbsTogether(parts).map(ruleText).toSorted().slice(0, mostLines);
  const unresolved = missingRoles.length === 0 ? '' : `; resolution errors: [${missingRoles.join(' ')}]`;
  const who = `user ${JSON.stringify(user)} (groups=${goList(groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${unresolved}`;
  return forbidden(resource, name, why);
}

/** Parts that differ by their verb only become one (kubernetes pkg/registry/rbac/validation/policy_compact.go). */
function withVerbsTogether(parts: readonly PolicyRule[]): PolicyRule[] {
  const alike = Map.groupBy(parts, ({ verbs: _verbs, ...rest }) => JSON.stringify(rest));
  return [...alike.values()].map((same) => ({ ...same[0], verbs: same.flatMap(({ verbs }) => verbs) }));
}

/** kubernetes pkg/apis/rbac/v1/evaluation_helpers.go CompactString */
function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const lists = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  });
  return `{${lists.flatMap(([name, list]) => (list === undefined ? [] : `${name}:${goList(list)}`)).join(', ')}}`;
}

/** Go's `%q` of a list of texts. */
const goList = (texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
