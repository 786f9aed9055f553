import { metaOf } from '../meta/object-key.ts';
import type { ContainerStatus, Pod } from '../meta/types.ts';

/** What `kubectl get pods` says of a pod. `restartedAt` is the newest end of a container that was restarted. */
export type PodDisplayStatus = {
  status: string;
  ready: number;
  total: number;
  restarts: number;
  restartedAt: string | undefined;
};

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

const endReason = ({ reason, signal, exitCode }: Terminated): string =>
  reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);

const conditionIsTrue = (pod: Pod, type: string): boolean =>
  (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');

const restartsOf = (statuses: readonly ContainerStatus[]) => ({
  restarts: statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0),
  restartedAt: statuses
    .map(({ lastState }) => lastState?.terminated?.finishedAt)
    .filter((time) => time !== undefined && time !== null)
    .toSorted()
    .at(-1),
});

/** Containers that init leaves running are named so by their own restart policy (sidecars). */
const sidecarNames = (pod: Pod): Set<string> =>
  new Set(
    (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name),
  );

/** The first init container that holds the pod up, as text; undefined when none does. */
function initReason(pod: Pod, sidecars: ReadonlySet<string>): string | undefined {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const index = statuses.findIndex(
    ({ name, state, started }) => state?.terminated?.exitCode !== 0 && !(sidecars.has(name) && started === true),
  );
  const state = statuses[index]?.state;
  if (index < 0) return undefined;
  if (state?.terminated) return `Init:${endReason(state.terminated)}`;
  const waiting = state?.waiting?.reason;
  if (waiting && waiting !== 'PodInitializing') return `Init:${waiting}`;
  return `Init:${index}/${pod.spec?.initContainers?.length ?? 0}`;
}

/** The first container that has something to say; undefined when all simply run. */
function containerReason(pod: Pod): string | undefined {
  const statuses = pod.status?.containerStatuses ?? [];
  const reason = statuses
    .map(({ state }) => state?.waiting?.reason || (state?.terminated ? endReason(state.terminated) : undefined))
    .find((text) => text !== undefined);
  if (reason !== 'Completed' || !statuses.some(isReady)) return reason;
  return conditionIsTrue(pod, 'Ready') ? 'Running' : 'NotReady';
}

const isReady = ({ ready, state }: ContainerStatus): boolean => ready && state?.running !== undefined;

const phaseReason = ({ status }: Pod): string =>
  (status?.conditions ?? []).some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')
    ? 'SchedulingGated'
    : status?.reason || status?.phase || '';

/** kubernetes pkg/printers/internalversion/printers.go printPod */
export function podDisplayStatus(pod: Pod): PodDisplayStatus {
  const sidecars = sidecarNames(pod);
  const init = initReason(pod, sidecars);
  const started = init === undefined || conditionIsTrue(pod, 'Initialized');
  const inits = pod.status?.initContainerStatuses ?? [];
  const running = inits.filter(({ name }) => sidecars.has(name));
  const own = pod.status?.containerStatuses ?? [];
  const reason = (started ? containerReason(pod) : undefined) ?? init ?? phaseReason(pod);
  const readySidecars = running.filter(({ ready, started: up }) => ready && up === true).length;
  return {
    status: deletionReason(pod) ?? reason,
    ready: readySidecars + (started ? own.filter(isReady).length : 0),
    total: (pod.spec?.containers?.length ?? 0) + sidecars.size,
    ...restartsOf(started ? [...running, ...own] : inits),
  };
}

function deletionReason(pod: Pod): string | undefined {
  if (metaOf(pod).deletionTimestamp === undefined) return undefined;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' ? undefined : 'Terminating';
}
