import { fromLabelSelector } from '../../meta/label-selector.ts';
import { metaOf } from '../../meta/object-key.ts';
import type { Node, Pod, PodDisruptionBudget } from '../../meta/types.ts';
import { isBudgetOf } from '../../resources/disruption.ts';
import { isForeign } from '../../resources/foreign-pod.ts';
import { priorityOf, type Neighbourhood } from '../../resources/neighbourhood.ts';
import { misfit } from '../../resources/node-fit.ts';
import { isPodTerminating } from '../pod-lifecycle.ts';

export type PreemptionPlan =
  /** Who has to go; nobody when it is enough to wait for those that are going. */
  | { kind: 'makeRoom'; victims: Pod[] }
  /** Nobody's going would help, or the pod may not ask for it. */
  | { kind: 'wait' };

/**
 * Which less important pods make room for one that does not fit: as few and as unimportant as possible, and those whose budget forbids it only when
 * nothing else helps. (kubernetes pkg/scheduler/framework/plugins/defaultpreemption SelectVictimsOnNode)
 */
export function planPreemption(
  pod: Pod,
  node: Node | undefined,
  around: Neighbourhood,
  budgets: readonly PodDisruptionBudget[],
): PreemptionPlan {
  if (pod.spec?.preemptionPolicy === 'Never') return { kind: 'wait' };
  const staying = around.pods.filter((other) => !isPodTerminating(other));
  const candidates = staying.filter((other) => canYield(other, pod)).toSorted(byImportance);
  let kept = staying.filter((other) => !candidates.includes(other));
  const fitsBeside = (others: readonly Pod[]) => misfit(pod, node, { ...around, pods: others }) === undefined;
  if (!fitsBeside(kept)) return { kind: 'wait' };
  const victims: Pod[] = [];
  const protectedPods = violations(candidates, budgets);
  const isProtected = (candidate: Pod) => protectedPods.has(candidate);
  for (const candidate of [...candidates.filter(isProtected), ...candidates.filter((each) => !isProtected(each))]) {
    if (fitsBeside([...kept, candidate])) kept = [...kept, candidate];
    else victims.push(candidate);
  }
  return { kind: 'makeRoom', victims };
}

/** Foreign containers were never placed, and nothing drives them away. */
const canYield = (other: Pod, pod: Pod): boolean =>
  Boolean(other.spec?.nodeName) && priorityOf(other) < priorityOf(pod) && !isForeign(other);

/** The most important first, of equals the one that has run longest (kubernetes pkg/scheduler/util/utils.go MoreImportantPod). */
const byImportance = (a: Pod, b: Pod): number => priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);

const startOf = ({ status }: Pod): number => Date.parse(status?.startTime ?? '') || Infinity;

/** Those beyond what their budgets allow, if all of them went in this order (filterPodsWithPDBViolation). */
function violations(candidates: readonly Pod[], budgets: readonly PodDisruptionBudget[]): Set<Pod> {
  const binding = budgets.filter(({ spec }) => (fromLabelSelector(spec?.selector) ?? []).length > 0);
  const allowed = new Map(binding.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const found = new Set<Pod>();
  for (const pod of candidates) {
    for (const budget of binding.filter((each) => isBudgetOf(each, pod))) {
      if (budget.status?.disruptedPods?.[metaOf(pod).name ?? ''] !== undefined) continue;
      const left = (allowed.get(budget) ?? 0) - 1;
      allowed.set(budget, left);
      if (left < 0) found.add(pod);
    }
  }
  return found;
}
