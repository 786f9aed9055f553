import type { Node, Pod, PodSpec } from '../meta/types.ts';

export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
export type Toleration = NonNullable<PodSpec['tolerations']>[number];

/** kubernetes component-helpers/scheduling/corev1 ToleratesTaint */
export const tolerates = (toleration: Toleration, taint: Taint): boolean =>
  (!toleration.effect || toleration.effect === taint.effect) &&
  (!toleration.key || toleration.key === taint.key) &&
  (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? ''));

/** What `kubectl cordon` stands for. */
const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

const keepsAway = (pod: Pod, taint: Taint): boolean =>
  taint.effect !== 'PreferNoSchedule' &&
  !(pod.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint));

/** Why the node takes no new pod like this one; undefined when it does. */
export function repulsion(pod: Pod, node: Node | undefined): string | undefined {
  if (node?.spec?.unschedulable && keepsAway(pod, cordon)) return 'node(s) were unschedulable';
  return node?.spec?.taints?.some((taint) => keepsAway(pod, taint)) ? 'node(s) had untolerated taint(s)' : undefined;
}
