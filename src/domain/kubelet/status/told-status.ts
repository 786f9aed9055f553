import type { ContainerStatus, Pod } from '../../meta/types.ts';

/** What the pod's status tells of one of its containers; undefined while that is nothing. */
export function toldStatus({ status }: Pick<Pod, 'status'>, container: string): ContainerStatus | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return statuses.find(({ name }) => name === container);
}
