import type { AdmissionMatchResources } from '../../meta/types.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import type { AdmissionRequest, Lister } from '../chain.ts';
import { matchTarget, type VersionsOf } from '../webhooks/match-webhook.ts';

type NamedRule = NonNullable<AdmissionMatchResources['resourceRules']>[number];

/**
 * As which version of its resource a policy or binding is to see the request; undefined when it is not meant (apiserver
 * pkg/admission/plugin/policy/matching/matching.go). No rules at all are every resource.
 */
export function matchResources(
  resources: AdmissionMatchResources,
  request: AdmissionRequest,
  lister: Lister,
  versionsOf: VersionsOf,
): ResourceDefinition | undefined {
  const { resourceRules = [], excludeResourceRules = [], matchPolicy = 'Equivalent' } = resources;
  const { namespaceSelector, objectSelector } = resources;
  const isNamed = ({ resourceNames = [] }: NamedRule) =>
    resourceNames.length === 0 || resourceNames.includes(request.key.name);
  const match = (rules: readonly NamedRule[]) =>
    matchTarget(
      {
        rules: rules.filter(isNamed),
        matchPolicy,
        ...(namespaceSelector ? { namespaceSelector } : {}),
        ...(objectSelector ? { objectSelector } : {}),
      },
      request,
      lister,
      versionsOf,
    );
  if (excludeResourceRules.length > 0 && match(excludeResourceRules) !== undefined) return undefined;
  return match(resourceRules.length === 0 ? everything : resourceRules);
}

const everything: readonly NamedRule[] = [
  { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*', '*/*'] },
];
