import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type {
  ContainerExit,
  ContainerState,
  ContainerStatus,
  ContainerSummary,
} from '../../domain/container-runtime/container.ts';
import type { NetworkAddress, PodSandboxStatus } from '../../domain/container-runtime/pod-sandbox.ts';
import { RELAY_LABEL } from '../wire/port-relays.ts';
import { callersLabels, SANDBOX_LABEL } from './labels.ts';
import { observedConfig } from './observed-config.ts';

export function containerSummary(listed: ContainerInfo): ContainerSummary {
  const sandboxId = joinedId(listed.HostConfig.NetworkMode);
  const labels = listed.Labels ?? {};
  return {
    id: listed.Id,
    name: listed.Names[0]?.replace(/^\//, '') ?? '',
    labels: callersLabels(labels),
    state: stateKind(listed.State),
    ...(sandboxId !== undefined && { sandboxId }),
    isSandbox: SANDBOX_LABEL in labels || RELAY_LABEL in labels,
  };
}

export function containerStatus(inspected: ContainerInspectInfo): ContainerStatus {
  const { HostConfig: host, Config: config } = inspected;
  const sandboxId = joinedId(host.NetworkMode);
  const labels = config.Labels ?? {};
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    labels: callersLabels(labels),
    image: config.Image,
    imageId: inspected.Image,
    createdAt: new Date(inspected.Created),
    state: containerState(inspected.State),
    restartCount: inspected.RestartCount,
    ...(sandboxId !== undefined && { sandboxId }),
    isSandbox: SANDBOX_LABEL in labels || RELAY_LABEL in labels,
    addresses: addressesOf(inspected),
    hostNetwork: host.NetworkMode === 'host',
    config: observedConfig(inspected),
  };
}

/**
 * A pause container that the engine itself restarted has namespaces that its members are not in: the sandbox they joined is lost.
 * When the engine starts, it starts the members after it and counts from zero.
 */
export function sandboxStatus(inspected: ContainerInspectInfo): PodSandboxStatus | undefined {
  const labels = inspected.Config.Labels ?? {};
  if (!(SANDBOX_LABEL in labels)) return undefined;
  return {
    id: inspected.Id,
    name: inspected.Name.replace(/^\//, ''),
    labels: callersLabels(labels),
    state: inspected.State.Running && inspected.RestartCount === 0 ? 'ready' : 'notready',
    createdAt: new Date(inspected.Created),
    addresses: addressesOf(inspected),
  };
}

type DockerState = ContainerInspectInfo['State'];

function containerState(state: DockerState): ContainerState {
  const kind = stateKind(state.Status);
  switch (kind) {
    case 'created':
      // Docker leaves a container that could not be started as `created`, with the reason.
      return state.Error === '' ? { kind } : { kind: 'exited', exit: exitOf(state) };
    case 'running':
    case 'paused':
      return { kind, startedAt: new Date(state.StartedAt), ...previousEndOf(state) };
    case 'restarting':
    case 'exited':
      return { kind, exit: exitOf(state) };
  }
}

/** moby container/state.go StateString; `removing` and `dead` have ended and are on their way out. */
function stateKind(status: string): ContainerState['kind'] {
  switch (status) {
    case 'created':
    case 'running':
    case 'paused':
    case 'restarting':
      return status;
    default:
      return 'exited';
  }
}

/** Docker goes on to tell it. */
function previousEndOf({ FinishedAt }: DockerState): { previousEnd?: Date } {
  const previousEnd = instant(FinishedAt);
  return previousEnd ? { previousEnd } : {};
}

function exitOf(state: DockerState): ContainerExit {
  const startedAt = instant(state.StartedAt);
  const finishedAt = instant(state.FinishedAt);
  return {
    code: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
  };
}

/** Go's zero time, year 1, stands for never. */
const instant = (time: string): Date | undefined => (time.startsWith('0001-') ? undefined : new Date(time));

/** Docker replaces a name by the id when it creates the container. */
const joinedId = (networkMode: string | undefined): string | undefined =>
  /^container:(.+)$/.exec(networkMode ?? '')?.[1];

const addressesOf = ({ NetworkSettings }: ContainerInspectInfo): NetworkAddress[] =>
  Object.entries(NetworkSettings.Networks ?? {})
    .filter(([, { IPAddress }]) => Boolean(IPAddress))
    .map(([network, { IPAddress: ip, MacAddress: mac }]) => ({ network, ip, ...(mac && { mac }) }));
