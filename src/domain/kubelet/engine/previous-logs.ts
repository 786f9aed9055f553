import type {
  ContainerExit,
  Containers,
  ContainerStatus,
  LogEntry,
  LogOptions,
} from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { containerId } from './open-process.ts';

/**
 * Engines date a start when the process may have written already, and an end when its last lines may not have been read. Between two runs they
 * leave at least 100 ms (moby restartmanager defaultTimeout; Podman cleans up after the container in between).
 */
const marginMs = 50;

/**
 * What a container wrote in the run that ended so. It is in the same log as the present run, as long as the engine has not started the log anew;
 * the log of a container that was replaced went with it.
 */
export async function previousLogs(
  containers: Pick<Containers, 'status' | 'logs'>,
  pod: Pod,
  container: string,
  exit: ContainerExit | undefined,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogEntry> | undefined> {
  const id = containerId(pod, container);
  const found = id === undefined ? undefined : await containers.status(id);
  const range = found && hasPrevious(pod, container) ? rangeOf(found, exit) : undefined;
  if (!found || !range) return undefined;
  const since = new Date(Math.max(range.began, options.since?.getTime() ?? 0));
  return containers.logs(found.id, { ...options, follow: false, since, until: new Date(range.ended) }, signal);
}

/** Of an end that nobody saw, as the engine may start a container again at once, only what came after it is known. */
function rangeOf({ state, createdAt }: ContainerStatus, exit: ContainerExit | undefined) {
  if (exit?.startedAt && exit.finishedAt) {
    if (createdAt > exit.finishedAt) return undefined;
    return { began: exit.startedAt.getTime() - marginMs, ended: exit.finishedAt.getTime() + marginMs };
  }
  return state.kind === 'running' ? { began: 0, ended: state.startedAt.getTime() - marginMs } : undefined;
}

/** One that has ended for good has no run but that one (kubernetes pkg/kubelet/kubelet_pods.go validateContainerLogStatus). */
function hasPrevious({ status }: Pod, container: string): boolean {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const { lastState, state, restartCount = 0 } = statuses.find(({ name }) => name === container) ?? {};
  return lastState?.terminated !== undefined || (restartCount > 0 && state?.running !== undefined);
}
