import { matches, selectorOf } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Node, Pod, PodCondition, PodSpec } from '../meta/types.ts';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Toleration = NonNullable<PodSpec['tolerations']>[number];

/** What the condition PodScheduled says of a pod that has no node. */
export type Misfit = { reason: 'Unschedulable' | 'SchedulingGated'; message: string };

/** kubernetes staging/src/k8s.io/api/core/v1/toleration.go ToleratesTaint */
const tolerates = (toleration: Toleration, taint: Taint): boolean =>
  (!toleration.effect || toleration.effect === taint.effect) &&
  (!toleration.key || toleration.key === taint.key) &&
  (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? ''));

const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const repelled = (pod: Pod, taint: Taint): boolean =>
  taint.effect !== 'PreferNoSchedule' &&
  !(pod.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint));

/** Why the one node does not take the pod; undefined when it does. Texts of the scheduler's plugins (kubernetes pkg/scheduler/framework/plugins). */
export function misfit(pod: Pod, node: Node | undefined): Misfit | undefined {
  if (pod.spec?.schedulingGates?.length) {
    return { reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' };
  }
  const why = repulsion(pod, node);
  return why === undefined
    ? undefined
    : { reason: 'Unschedulable', message: `0/1 nodes are available: 1 node(s) ${why}.` };
}

function repulsion(pod: Pod, node: Node | undefined): string | undefined {
  if (node?.spec?.unschedulable && repelled(pod, cordon)) return 'were unschedulable';
  if (node?.spec?.taints?.some((taint) => repelled(pod, taint))) return 'had untolerated taint(s)';
  const labels = node ? metaOf(node).labels : undefined;
  if (!matches(selectorOf(pod.spec?.nodeSelector ?? {}), labels)) {
    return "didn't match Pod's node affinity/selector";
  }
  return undefined;
}

/** What the status of a pod that has no node says; `time` in RFC 3339. */
export const unscheduled = (why: Misfit, time: string): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastTransitionTime: time,
  ...why,
});
