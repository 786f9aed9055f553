import type { ImageSummary } from '../../container-runtime/image.ts';
import { toTime } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Node } from '../../meta/types.ts';
import type { NodeDisk } from '../../resources/node-usage.ts';
import { allocatableOf } from './node-capacity.ts';

type Status = NonNullable<Node['status']>;
type Condition = NonNullable<Status['conditions']>[number];

/** What is true of the machine at one moment. */
export type NodeObservation = {
  hostIp: string;
  /** Changes with every start of the machine. */
  bootId: string | undefined;
  /** Of the engine's disk; undefined when it cannot be seen. */
  disk: NodeDisk | undefined;
  /** What programs can still have without swapping. */
  availableMemoryBytes: number | undefined;
  processes: { count: number; most: number } | undefined;
  /** Undefined when the engine does not say. */
  images: readonly ImageSummary[] | undefined;
};

/** kubernetes pkg/kubelet/apis/config/v1beta1/defaults.go and pkg/kubelet/eviction/defaults_linux.go */
const thresholds = { memoryBytes: 100 * 1024 * 1024, diskPercent: 15, inodesPercent: 5, processesPercent: 5 };

/** An unchanged status is written so often (nodeStatusReportFrequency); until then its heartbeat stays what it is. */
const reportEveryMs = 300_000;

/** The node's status as observed; the same one when nothing worth telling has changed. */
export function observedStatus(
  status: Status,
  observation: NodeObservation,
  reserved: Readonly<Record<string, string>>,
  now: Date,
): Status {
  const next = {
    ...status,
    ...facts(status, observation, reserved),
    conditions: conditionsOf(status, observation, now),
  };
  const { lastHeartbeatTime: beat = '' } = status.conditions?.find(({ type }) => type === 'MemoryPressure') ?? {};
  const isDue = now.getTime() - (Date.parse(beat) || 0) >= reportEveryMs;
  return isDue || !sameButHeartbeat(next, status) ? next : status;
}

function facts(
  status: Status,
  { hostIp, bootId, disk, images }: NodeObservation,
  reserved: Readonly<Record<string, string>>,
): Partial<Status> {
  const capacity = { ...status.capacity, ...(disk ? { 'ephemeral-storage': kibibytes(disk.totalBytes) } : {}) };
  const addresses = (status.addresses ?? []).map((one) =>
    one.type === 'InternalIP' ? { ...one, address: hostIp } : one,
  );
  return {
    capacity,
    allocatable: allocatableOf(capacity, reserved),
    addresses,
    ...(images ? { images: shown(images) } : {}),
    ...(status.nodeInfo && bootId ? { nodeInfo: { ...status.nodeInfo, bootID: bootId } } : {}),
  };
}

const kibibytes = (bytes: number): string => `${Math.floor(bytes / 1024)}Ki`;

/** The largest images that have names, by some of them (pkg/kubelet/nodestatus/setters.go Images, kubelet_node_status.go). */
const shown = (images: readonly ImageSummary[]): NonNullable<Status['images']> =>
  images
    .filter(({ digests, tags }) => digests.length + tags.length > 0)
    .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, 50)
    .map(({ digests, tags, sizeBytes }) => ({ names: [...digests, ...tags].slice(0, 5), sizeBytes }));

type Finding = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

/** In the words of pkg/kubelet/nodestatus/setters.go. */
function pressures({ availableMemoryBytes, disk, processes }: NodeObservation): Finding[] {
  const lowMemory = availableMemoryBytes !== undefined && availableMemoryBytes < thresholds.memoryBytes;
  const lowDisk =
    disk !== undefined &&
    (isBelow(disk.availableBytes, disk.totalBytes, thresholds.diskPercent) ||
      isBelow(disk.freeInodes, disk.totalInodes, thresholds.inodesPercent));
  const lowProcesses =
    processes !== undefined && isBelow(processes.most - processes.count, processes.most, thresholds.processesPercent);
  return [
    lowMemory
      ? condition('MemoryPressure', 'True', 'KubeletHasInsufficientMemory', 'kubelet has insufficient memory available')
      : condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    lowDisk
      ? condition('DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure')
      : condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    lowProcesses
      ? condition('PIDPressure', 'True', 'KubeletHasInsufficientPID', 'kubelet has insufficient PID available')
      : condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
  ];
}

const condition = (type: string, status: string, reason: string, message: string): Finding => ({
  type,
  status,
  reason,
  message,
});

/** False where the whole is not known. */
const isBelow = (part: number, whole: number, percent: number): boolean => whole > 0 && part * 100 < whole * percent;

function conditionsOf(status: Status, observation: NodeObservation, now: Date): Condition[] {
  const before = status.conditions ?? [];
  const ready = before.find(({ type }) => type === 'Ready');
  const own = [...pressures(observation), ...(ready ? [ready] : [])].map((finding): Condition => {
    const old = before.find(({ type }) => type === finding.type);
    const since = old?.status === finding.status ? old.lastTransitionTime : undefined;
    return { ...finding, lastHeartbeatTime: toTime(now), lastTransitionTime: since ?? toTime(now) };
  });
  return [...before.filter(({ type }) => !own.some((one) => one.type === type)), ...own];
}

const sameButHeartbeat = (a: Status, b: Status): boolean => sameJson(withoutHeartbeat(a), withoutHeartbeat(b));

const withoutHeartbeat = (status: Status) => ({
  ...status,
  conditions: status.conditions?.map(({ lastHeartbeatTime: _beat, ...rest }) => rest),
});
