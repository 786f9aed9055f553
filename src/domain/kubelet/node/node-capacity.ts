import { amountOf, excessOf, sumOf } from '../../meta/resource-list.ts';
import type { ResourceList } from '../../meta/types.ts';

/** What pods never get, so that the machine itself goes on: the kubelet's eviction thresholds (pkg/kubelet/eviction/defaults_linux.go). */
const keptMemory = '100Mi';
const keptDiskPercent = 10n;

/** What pods can have of the capacity: all but what is reserved and what is kept (pkg/kubelet/cm/node_container_manager_linux.go). */
export function allocatableOf(capacity: ResourceList, reserved: ResourceList): ResourceList {
  const disk = amountOf(capacity, 'ephemeral-storage').nano / 10n ** 9n;
  const kept = { memory: keptMemory, 'ephemeral-storage': String((disk * keptDiskPercent) / 100n) };
  const left = excessOf(capacity, sumOf([reserved, kept]));
  return Object.fromEntries(Object.keys(capacity).map((name) => [name, left[name] ?? '0']));
}
