import type { Node, Pod } from '../../domain/meta/types.ts';
import type { NodeUsage } from '../../domain/resources/node-usage.ts';
import type { PodUsage } from '../../domain/resources/pod-usage.ts';

export type MeasuredPod = { pod: Pod; usage: PodUsage };

/** A machine and the pods that run on it, with what they use. */
export type MeasuredNode = { node: Node; usage: NodeUsage | undefined; pods: readonly MeasuredPod[] };
