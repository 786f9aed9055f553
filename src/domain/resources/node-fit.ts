import { metaOf } from '../meta/object-key.ts';
import type { Node, Pod, PodCondition } from '../meta/types.ts';
import { wantsTakenPort } from './host-ports.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { likesNode } from './node-affinity.ts';
import { shortages } from './node-room.ts';
import { repulsion } from './node-taints.ts';
import { discord } from './pod-affinity.ts';
import { unevenness } from './topology-spread.ts';

/** What the condition PodScheduled says of a pod that has no node. */
export type Misfit = { reason: 'Unschedulable' | 'SchedulingGated'; message: string };

/** Why the one node does not take the pod; undefined when it does. Texts of the scheduler's plugins (kubernetes pkg/scheduler/framework/plugins). */
export function misfit(pod: Pod, node: Node | undefined, around: Neighbourhood): Misfit | undefined {
  if (pod.spec?.schedulingGates?.length) {
    return { reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' };
  }
  const reasons = reasonsAgainst(pod, node, around);
  if (reasons.length === 0) return undefined;
  const list = reasons.toSorted().map((reason) => `1 ${reason}`);
  return { reason: 'Unschedulable', message: `0/1 nodes are available: ${list.join(', ')}.` };
}

/** Of the first plugin that says no, in the scheduler's order (pkg/scheduler/apis/config/v1/default_plugins.go). */
function reasonsAgainst(pod: Pod, node: Node | undefined, around: Neighbourhood): string[] {
  const nodeLabels = (node && metaOf(node).labels) ?? {};
  const one = (reason: string | undefined): string[] => (reason === undefined ? [] : [reason]);
  const plugins: readonly (() => string[])[] = [
    () => one(repulsion(pod, node)),
    () => (likesNode(pod, node) ? [] : ["node(s) didn't match Pod's node affinity/selector"]),
    () => (wantsTakenPort(pod, around.pods) ? ["node(s) didn't have free ports for the requested pod ports"] : []),
    () => shortages(pod, node, around.pods),
    () => one(unevenness(pod, nodeLabels, around)),
    () => one(discord(pod, nodeLabels, around)),
  ];
  for (const reasons of plugins) {
    const found = reasons();
    if (found.length > 0) return found;
  }
  return [];
}

/** What the status of a pod that has no node says; `time` in RFC 3339. */
export const unscheduled = (why: Misfit, time: string): PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  lastTransitionTime: time,
  ...why,
});
