import { metaOf } from '../../meta/object-key.ts';
import type { DaemonSet, Node, Pod } from '../../meta/types.ts';
import { likesNode } from '../../resources/node-affinity.ts';
import { tolerates, type Taint } from '../../resources/node-taints.ts';
import { daemonPodSpec } from './daemon-pod.ts';

/** Whether a DaemonSet has a pod on the node, and whether one that is there may stay. */
export type NodeChoice = { runs: boolean; stays: boolean };

/** kubernetes pkg/controller/daemon/daemon_controller.go NodeShouldRunDaemonPod: whether there is room is the scheduler's question. */
export function nodeChoice(set: DaemonSet, node: Node): NodeChoice {
  const pod: Pod = { spec: daemonPodSpec(set) };
  const { nodeName } = pod.spec!;
  if ((nodeName && nodeName !== metaOf(node).name) || !likesNode(pod, node)) return { runs: false, stays: false };
  const repelling = (node.spec?.taints ?? []).filter((taint) => !isTolerated(pod, taint));
  return {
    runs: !repelling.some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute'),
    stays: !repelling.some(({ effect }) => effect === 'NoExecute'),
  };
}

const isTolerated = ({ spec }: Pod, taint: Taint): boolean =>
  (spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
