import type { Labels } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import type { Pod } from '../meta/types.ts';

/** What is on the node beside the pod that looks for a place. */
export type Neighbourhood = {
  /** Those which take room: they have the node and have not ended. */
  pods: readonly Pod[];
  /** Of a namespace; undefined when there is none of that name. */
  namespaceLabels(name: string): Labels | undefined;
};

/** Whether the pod takes room on its node; one that is about to go does until it is gone. */
export const takesRoom = ({ spec, status }: Pod): boolean =>
  Boolean(spec?.nodeName) && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

export const priorityOf = ({ spec }: Pod): number => spec?.priority ?? 0;

/** Others make room for it on the node, but it does not have the node yet. */
const isNominated = ({ spec, status, metadata }: Pod): boolean =>
  !spec?.nodeName && Boolean(status?.nominatedNodeName) && metadata?.deletionTimestamp === undefined;

/**
 * Of all pods those that take room from this one: who is at least as important and was promised the node counts as if it were there, or what waits
 * would take the room that others gave up for it (kubernetes pkg/scheduler/framework/runtime/framework.go addGENominatedPods).
 */
export const roomTakersFor = (pod: Pod, all: readonly Pod[]): Pod[] =>
  all.filter(
    (other) =>
      takesRoom(other) ||
      (isNominated(other) && metaOf(other).uid !== metaOf(pod).uid && priorityOf(other) >= priorityOf(pod)),
  );
