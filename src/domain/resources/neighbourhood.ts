import type { Labels } from '../meta/label-selector.ts';
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
