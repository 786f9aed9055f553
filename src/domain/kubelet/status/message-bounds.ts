import type { ContainerStatus, PodStatus } from '../../meta/types.ts';

type Lists = Pick<PodStatus, 'initContainerStatuses' | 'containerStatuses' | 'ephemeralContainerStatuses'>;

/** All messages of a pod together (kubernetes pkg/kubelet/container/container_logs.go MaxPodTerminationMessageLogLength). */
const maxBytes = 12 * 1024;

/** Each container may say as much as any other (status_manager.go normalizeStatus). */
export function withinBounds(lists: Lists): Lists {
  const count = Object.values(lists).reduce((sum, list) => sum + list.length, 0);
  const bytes = Math.floor(maxBytes / Math.max(1, count));
  const shorten = (status: ContainerStatus): ContainerStatus => {
    const ended = status.state?.terminated;
    if (!ended?.message || Buffer.byteLength(ended.message) <= bytes) return status;
    const message = Buffer.from(ended.message).subarray(0, bytes).toString();
    return { ...status, state: { terminated: { ...ended, message } } };
  };
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.map(shorten)]));
}
