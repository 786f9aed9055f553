import type { Pod } from '../../meta/types.ts';

/** The restarts of a container that the pod's status tells; undefined while it tells nothing of it. */
export function toldRestarts({ status }: Pod, container: string): number | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.find(({ name }) => name === container)?.restartCount;
}
