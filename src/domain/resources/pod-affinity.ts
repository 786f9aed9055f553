import { fromLabelSelector, matches, type Labels, type Selector } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Pod, PodSpec } from '../meta/types.ts';
import type { Neighbourhood } from './neighbourhood.ts';

type Affinity = NonNullable<PodSpec['affinity']>;
type Term = NonNullable<NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']>[number];

/**
 * Why the company on the node does not suit the pod, or the pod the company; undefined when all agree
 * (kubernetes pkg/scheduler/framework/plugins/interpodaffinity). With one node, a topology is the node, if it has the label at all.
 */
export function discord(pod: Pod, nodeLabels: Labels, around: Neighbourhood): string | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const isTopology = ({ topologyKey }: Term): boolean => Object.hasOwn(nodeLabels, topologyKey);
  const wanted = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (!wanted.every(isTopology) || !findsCompany(pod, wanted, around)) return "node(s) didn't match pod affinity rules";
  const avoided = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const meets = avoided
    .filter(isTopology)
    .some((term) => around.pods.some((other) => isMeant(term, pod, other, around)));
  if (meets) return "node(s) didn't match pod anti-affinity rules";
  return around.pods.some((other) =>
    avoidedBy(other)
      .filter(isTopology)
      .some((term) => isMeant(term, other, pod, around)),
  )
    ? "node(s) didn't satisfy existing pods anti-affinity rules"
    : undefined;
}

const avoidedBy = ({ spec }: Pod): Term[] =>
  spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** The first of pods that want to be together finds nobody and needs nobody. */
function findsCompany(pod: Pod, wanted: readonly Term[], around: Neighbourhood): boolean {
  if (wanted.length === 0) return true;
  const suits = (other: Pod) => wanted.every((term) => isMeant(term, pod, other, around));
  return around.pods.some(suits) || suits(pod);
}

/** Whether the term that `owner` has speaks of the other pod. */
function isMeant(term: Term, owner: Pod, other: Pod, around: Neighbourhood): boolean {
  const selector = selectorOf(term, owner);
  return selector !== undefined && isInScope(term, owner, other, around) && matches(selector, metaOf(other).labels);
}

/** matchLabelKeys take their values from the owner; the API server of Kubernetes writes them into the selector. */
function selectorOf(
  { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: Term,
  owner: Pod,
): Selector | undefined {
  const selector = fromLabelSelector(labelSelector);
  const labels = metaOf(owner).labels ?? {};
  const requirements = (keys: readonly string[], operator: 'in' | 'notin') =>
    keys.flatMap((key) => (labels[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]));
  return selector && [...selector, ...requirements(matchLabelKeys, 'in'), ...requirements(mismatchLabelKeys, 'notin')];
}

/** Without a word about namespaces only the owner's own is meant. */
function isInScope(
  { namespaces = [], namespaceSelector }: Term,
  owner: Pod,
  other: Pod,
  around: Neighbourhood,
): boolean {
  const { namespace = '' } = metaOf(other);
  if (namespaces.length === 0 && !namespaceSelector) return namespace === metaOf(owner).namespace;
  const selector = fromLabelSelector(namespaceSelector);
  return (
    namespaces.includes(namespace) || (selector !== undefined && matches(selector, around.namespaceLabels(namespace)))
  );
}
