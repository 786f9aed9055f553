import type {
  ContainerExit,
  ContainerRun,
  Containers,
  ContainerStatus,
  LogEntry,
  LogOptions,
} from '../../container-runtime/container.ts';
import type { Pod } from '../../meta/types.ts';
import { toldStatus } from '../status/told-status.ts';
import { containerId } from './open-process.ts';

/** Whose runs are asked for, and how the last one ended that the kubelet remembers. */
export type RunsOf = { pod: Pod; container: string; exit: ContainerExit | undefined };

/** In milliseconds since 1970; without a bound, all that there is. */
type Range = { began?: number; ended?: number };

type Logs = Pick<Containers, 'status' | 'logs'>;

/**
 * Engines date a start when the process may have written already, and an end when its last lines may not have been read. Between two runs they
 * leave at least 100 ms (moby restartmanager defaultTimeout; Podman cleans up after the container in between).
 */
const marginMs = 50;

/**
 * What a container writes in its present run, or wrote in its last one: an engine that starts it again goes on with the same log, Kubernetes
 * has one a run. Following ends with the run, as in Kubernetes. `undefined` when the container was never made.
 */
export async function currentLogs(
  containers: Logs,
  runs: RunsOf,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogEntry> | undefined> {
  const found = await find(containers, runs);
  return found && containers.logs(found.id, within(currentRange(found, runs), options), signal);
}

/**
 * What a container wrote in the run before: it is in the same log, as long as the engine has not started the log anew; the log of a
 * container that was replaced went with it.
 */
export async function previousLogs(
  containers: Logs,
  runs: RunsOf,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogEntry> | undefined> {
  const found = await find(containers, runs);
  const range = found && previousRange(found, runs);
  return range && containers.logs(found.id, { ...within(range, options), follow: false }, signal);
}

async function find(containers: Logs, { pod, container }: RunsOf): Promise<ContainerStatus | undefined> {
  const id = containerId(pod, container);
  return id === undefined ? undefined : containers.status(id);
}

function within({ began = 0, ended }: Range, options: LogOptions): LogOptions {
  const since = Math.max(began, options.since?.getTime() ?? 0);
  return {
    ...options,
    ...(since > 0 ? { since: new Date(since) } : {}),
    ...(ended === undefined ? {} : { until: new Date(ended) }),
  };
}

/** A first run is never cut. Of one that the kubelet holds, the run that crashed is meant, not the one that it ended. */
function currentRange(found: ContainerStatus, runs: RunsOf): Range {
  const { state } = found;
  if (state.kind === 'running' || state.kind === 'paused') {
    const began = startOf(state);
    return began === undefined ? {} : { began };
  }
  if (state.kind === 'created' || (toldStatus(runs.pod, runs.container)?.restartCount ?? 0) === 0) return {};
  const crashed = rangeOf(found, runs);
  if (crashed && runs.exit?.finishedAt?.getTime() !== state.exit.finishedAt?.getTime()) return crashed;
  return state.exit.startedAt ? { began: state.exit.startedAt.getTime() - marginMs } : {};
}

function previousRange(found: ContainerStatus, runs: RunsOf): Range | undefined {
  const { state } = found;
  const isUp = state.kind === 'running' || state.kind === 'paused';
  const ended = isUp ? startOf(state) : undefined;
  // One that has ended for good has no run but that one (kubernetes pkg/kubelet/kubelet_pods.go validateContainerLogStatus).
  if (ended === undefined && toldStatus(runs.pod, runs.container)?.lastState?.terminated === undefined)
    return undefined;
  const remembered = rangeOf(found, runs);
  return remembered ?? (ended === undefined ? undefined : { ended });
}

/** Where the log of the present run begins, if it is not the first: between the end of the run before and its own start. */
function startOf({ startedAt, previousEnd }: ContainerRun): number | undefined {
  return previousEnd && previousEnd < startedAt ? (previousEnd.getTime() + startedAt.getTime()) / 2 : undefined;
}

/** Of the run that the kubelet remembers: of one that stands still its last that counts. Undefined where it was another container's. */
function rangeOf({ createdAt, state }: ContainerStatus, runs: RunsOf): Range | undefined {
  const { exit } = runs;
  if (!exit?.startedAt || !exit.finishedAt || createdAt > exit.finishedAt) return undefined;
  const isFirst = (toldStatus(runs.pod, runs.container)?.restartCount ?? 0) <= (state.kind === 'exited' ? 0 : 1);
  return {
    ...(isFirst ? {} : { began: exit.startedAt.getTime() - marginMs }),
    ended: exit.finishedAt.getTime() + marginMs,
  };
}
