import { matches, type Requirement } from '../meta/label-selector.ts';
import type { KubernetesObject, Pod, PodSpec, ResourceQuota } from '../meta/types.ts';
import { pods } from './pod.ts';
import { qosClass } from './qos-class.ts';
import type { ResourceDefinition } from './resource-definition.ts';

type Spec = NonNullable<ResourceQuota['spec']>;
type ScopeRequirement = NonNullable<NonNullable<Spec['scopeSelector']>['matchExpressions']>[number];

const requirementsOf = ({ scopes = [], scopeSelector }: Spec): ScopeRequirement[] => [
  ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })),
  ...(scopeSelector?.matchExpressions ?? []),
];

/** Scopes are about pods; a quota that has one counts nothing else (kubernetes pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc). */
export const isInQuotaScope = (
  { spec = {} }: ResourceQuota,
  definition: ResourceDefinition,
  object: KubernetesObject,
) =>
  requirementsOf(spec).every(
    (requirement) =>
      definition.kind === pods.kind && definition.group === pods.group && isPodInScope(object as Pod, requirement),
  );

function isPodInScope({ spec }: Pod, requirement: ScopeRequirement): boolean {
  switch (requirement.scopeName) {
    case 'Terminating':
      return spec?.activeDeadlineSeconds !== undefined;
    case 'NotTerminating':
      return spec?.activeDeadlineSeconds === undefined;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return hasPriorityClass(spec?.priorityClassName, requirement);
    case 'CrossNamespacePodAffinity':
      return spec !== undefined && looksIntoOtherNamespaces(spec);
    default:
      return false;
  }
}

function hasPriorityClass(name: string | undefined, { operator, values = [] }: ScopeRequirement): boolean {
  const key = 'PriorityClass';
  const asLabel: Requirement = { key, operator: operator.toLowerCase() as Requirement['operator'], values };
  return matches([asLabel], name ? { [key]: name } : {});
}

function looksIntoOtherNamespaces({ affinity }: PodSpec): boolean {
  const terms = [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((kind) => [
    ...(kind?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(kind?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((weighted) => weighted.podAffinityTerm),
  ]);
  return terms.some((term) => (term?.namespaces ?? []).length > 0 || term?.namespaceSelector !== undefined);
}
