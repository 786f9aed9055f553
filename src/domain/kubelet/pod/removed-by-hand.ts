import type { Pod } from '../../meta/types.ts';
import type { ObservedPod } from './observed-pod.ts';

/** Names of containers that were there and are gone, although k2d removed none: it writes a new status whenever it did. */
export function removedByHand({ status }: Pod, { containers }: ObservedPod): string[] {
  const present = new Set(containers.map(({ id }) => id));
  return (status?.containerStatuses ?? [])
    .filter(({ containerID }) => containerID !== undefined && !present.has(containerID.split('://')[1] ?? ''))
    .map(({ name }) => name);
}
