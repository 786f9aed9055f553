import { fromLabelSelector, matches } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { ClusterRole, PolicyRule } from '../meta/types.ts';

/**
 * The rules of all roles that the aggregating one selects, each once, in the order of its selectors and of their names; undefined for a role
 * that gathers nothing. `roles` come in the order of their names.
 */
export function aggregatedRules(role: ClusterRole, roles: readonly ClusterRole[]): PolicyRule[] | undefined {
  const { clusterRoleSelectors } = role.aggregationRule ?? {};
  if (clusterRoleSelectors === undefined) return undefined;
  const others = roles.filter((other) => metaOf(other).name !== metaOf(role).name);
  const selected = clusterRoleSelectors.flatMap((selector) =>
    others.filter((other) => matches(fromLabelSelector(selector) ?? [], metaOf(other).labels)),
  );
  return distinct(selected.flatMap(({ rules }) => rules ?? []));
}

function distinct(rules: readonly PolicyRule[]): PolicyRule[] {
  const seen = new Set<string>();
  return rules.filter((rule) => seen.size < seen.add(identityOf(rule)).size);
}

/** The order in which a client wrote the fields does not matter. */
const identityOf = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string =>
  JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs]);
