import { toTime } from '../../meta/clock.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { KubernetesObject, Namespace } from '../../meta/types.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';

export type NamespaceCondition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number];

/** What is still in a namespace that is being deleted: at least one object each. */
export type Remainder = { definition: ResourceDefinition; objects: readonly KubernetesObject[] };

type Verdict = Pick<NamespaceCondition, 'type' | 'status' | 'reason' | 'message'>;

const allIsWell = (type: string, reason: string, message: string): Verdict => ({
  type,
  status: 'False',
  reason,
  message,
});

/** Nothing that could fail here: the resources are known, and what cannot be deleted now is tried again. */
const neverFailing: readonly Verdict[] = [
  allIsWell('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
  allIsWell(
    'NamespaceDeletionGroupVersionParsingFailure',
    'ParsedGroupVersions',
    'All legacy kube types successfully parsed',
  ),
  allIsWell(
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ),
];

/** Why a namespace is still there (kubernetes pkg/controller/namespace/deletion/status_condition_utils.go). */
export const terminatingConditions = (
  remaining: readonly Remainder[],
  before: readonly NamespaceCondition[],
  now: Date,
): NamespaceCondition[] =>
  [...neverFailing, contentRemaining(remaining), finalizersRemaining(remaining)].map((verdict) => {
    const known = before.find(({ type, status }) => type === verdict.type && status === verdict.status);
    return { ...verdict, lastTransitionTime: known?.lastTransitionTime ?? toTime(now) };
  });

function contentRemaining(remaining: readonly Remainder[]): Verdict {
  const type = 'NamespaceContentRemaining';
  if (remaining.length === 0) return allIsWell(type, 'ContentRemoved', 'All content successfully removed');
  const counts = remaining.map(
    ({ definition: { plural, group }, objects }) => `${plural}.${group} has ${objects.length} resource instances`,
  );
  const message = `Some resources are remaining: ${counts.toSorted().join(', ')}`;
  return { type, status: 'True', reason: 'SomeResourcesRemain', message };
}

function finalizersRemaining(remaining: readonly Remainder[]): Verdict {
  const type = 'NamespaceFinalizersRemaining';
  const finalizers = remaining.flatMap(({ objects }) => objects.flatMap((object) => metaOf(object).finalizers ?? []));
  if (finalizers.length === 0) {
    return allIsWell(type, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished');
  }
  const counts = [...Map.groupBy(finalizers, (finalizer) => finalizer)].map(
    ([finalizer, { length }]) => `${finalizer} in ${length} resource instances`,
  );
  const message = `Some content in the namespace has finalizers remaining: ${counts.toSorted().join(', ')}`;
  return { type, status: 'True', reason: 'SomeFinalizersRemain', message };
}
