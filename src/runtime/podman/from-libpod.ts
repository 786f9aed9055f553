import type {
  ContainerExit,
  ContainerState,
  ContainerStatus,
  ContainerSummary,
  Mount,
  ObservedConfig,
} from '../../domain/container-runtime/container.ts';
import type { RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';
import type { ImageStatus } from '../../domain/container-runtime/image.ts';
import type { NetworkStatus } from '../../domain/container-runtime/network.ts';
import type { PodSandboxStatus, PortMapping } from '../../domain/container-runtime/pod-sandbox.ts';
import type { VolumeStatus } from '../../domain/container-runtime/volume.ts';
import type {
  LibpodContainer,
  LibpodContainerListing,
  LibpodImage,
  LibpodInfo,
  LibpodMount,
  LibpodNetwork,
  LibpodPod,
  LibpodVolume,
} from './libpod-answers.ts';

export const containerSummary = (listed: LibpodContainerListing): ContainerSummary => ({
  id: listed.Id,
  name: listed.Names?.[0] ?? '',
  labels: listed.Labels ?? {},
  state: stateKind(listed.State),
  ...sandboxOf(listed.Pod),
  isSandbox: listed.IsInfra ?? false,
});

export function containerStatus(inspected: LibpodContainer): ContainerStatus {
  const { Config: config, HostConfig: hostConfig, State: state } = inspected;
  const networks = Object.entries(inspected.NetworkSettings?.Networks ?? {});
  return {
    id: inspected.Id,
    name: inspected.Name,
    labels: config.Labels ?? {},
    image: inspected.ImageName ?? config.Image ?? '',
    imageId: sha256(inspected.Image),
    createdAt: new Date(inspected.Created),
    state: containerState(state),
    restartCount: inspected.RestartCount ?? 0,
    ...sandboxOf(inspected.Pod || sharedNetworkOf(hostConfig.NetworkMode)),
    isSandbox: inspected.IsInfra ?? false,
    addresses: networks.flatMap(([network, { IPAddress: ip }]) => (ip ? [{ network, ip }] : [])),
    hostNetwork: hostConfig.NetworkMode === 'host',
    config: observedConfig(inspected),
  };
}

/** `infra` is the pod's infra container: its namespaces are the sandbox. */
export const sandboxStatus = (pod: LibpodPod, infra: LibpodContainer | undefined): PodSandboxStatus => {
  const [address] = infra ? containerStatus(infra).addresses : [];
  return {
    id: pod.Id,
    name: pod.Name,
    labels: pod.Labels ?? {},
    state: infra && stateKind(infra.State.Status) === 'running' ? 'ready' : 'notready',
    createdAt: new Date(pod.Created),
    ...(address && { ip: address.ip }),
  };
};

export const imageStatus = (inspected: LibpodImage): ImageStatus => ({
  id: sha256(inspected.Id),
  tags: inspected.RepoTags ?? [],
  digests: inspected.RepoDigests ?? [],
  sizeBytes: inspected.Size,
  user: inspected.Config?.User ?? '',
  command: inspected.Config?.Entrypoint ?? [],
  args: inspected.Config?.Cmd ?? [],
});

export const volumeStatus = ({ Name, Labels, Mountpoint }: LibpodVolume): VolumeStatus => ({
  name: Name,
  labels: Labels ?? {},
  mountpoint: Mountpoint,
});

export const networkStatus = ({ name, labels, subnets, network_interface }: LibpodNetwork): NetworkStatus => ({
  name,
  labels: labels ?? {},
  subnet: subnets?.[0]?.subnet ?? '',
  bridge: network_interface ?? '',
});

export const runtimeInfo = ({ host, store, version }: LibpodInfo): RuntimeInfo => ({
  name: 'podman',
  version: version.Version,
  operatingSystem: [host.distribution.distribution, host.distribution.version].filter(Boolean).join(' '),
  kernelVersion: host.kernel,
  architecture: host.arch,
  cpus: host.cpus,
  memoryBytes: host.memTotal,
  rootDirectory: store.graphRoot,
  capabilities: {
    // Podman's own policy starts a container again five to six times a second, for ever (measured with 4.3, 5.4 and 5.8).
    restartBackoff: false,
    // conmon 2.1.6, which goes with Podman 4.3, leaves its note about a killed container where Podman does not look for it.
    reportsOomKilled: Number.parseInt(version.Version, 10) >= 5,
    rootless: host.security.rootless,
  },
});

/**
 * Between an exit and its cleanup a container is `stopped`, also between two restarts by policy; only a list of the states
 * (podman libpod/define/containerstate.go) tells which are over.
 */
const kindByState: Readonly<Record<string, ContainerState['kind']>> = {
  unknown: 'created',
  configured: 'created',
  created: 'created',
  initialized: 'created',
  running: 'running',
  stopping: 'running',
  paused: 'paused',
  stopped: 'exited',
  exited: 'exited',
  removing: 'exited',
};

const stateKind = (state: string): ContainerState['kind'] => kindByState[state] ?? 'created';

function containerState(state: LibpodContainer['State']): ContainerState {
  const kind = stateKind(state.Status);
  switch (kind) {
    case 'running':
    case 'paused':
      return { kind, startedAt: new Date(state.StartedAt) };
    case 'restarting':
    case 'exited':
      return { kind, exit: containerExit(state) };
    case 'created':
      return { kind };
  }
}

const containerExit = (state: LibpodContainer['State']): ContainerExit => ({
  code: state.ExitCode,
  oomKilled: state.OOMKilled ?? false,
  error: state.Error ?? '',
  ...(isTime(state.StartedAt) && { startedAt: new Date(state.StartedAt) }),
  ...(isTime(state.FinishedAt) && { finishedAt: new Date(state.FinishedAt) }),
});

/** Go's zero time stands for none. */
const isTime = (time: string): boolean => !time.startsWith('0001-');

function observedConfig(inspected: LibpodContainer): ObservedConfig {
  const { Config: config, HostConfig: hostConfig } = inspected;
  return {
    ...commandLine(inspected),
    env: Object.fromEntries((config.Env ?? []).map(keyAndValue)),
    workingDir: config.WorkingDir ?? '',
    user: config.User ?? '',
    hostname: config.Hostname ?? '',
    tty: config.Tty ?? false,
    stdin: config.OpenStdin ?? false,
    privileged: hostConfig.Privileged ?? false,
    restart: restartPolicy(hostConfig.RestartPolicy?.Name),
    ports: Object.entries(hostConfig.PortBindings ?? {}).flatMap(portMappings),
    mounts: [...(inspected.Mounts ?? []).flatMap(mount), ...Object.keys(hostConfig.Tmpfs ?? {}).map(tmpfs)],
    resources: {
      ...positive('memoryBytes', hostConfig.Memory),
      ...positive('cpuShares', hostConfig.CpuShares),
      ...positive('cpuMillis', (hostConfig.NanoCpus ?? 0) / 1_000_000),
      ...(hostConfig.OomScoreAdj && { oomScoreAdj: hostConfig.OomScoreAdj }),
    },
  };
}

/** Podman 4 tells the entrypoint as one text, its words joined by spaces; Path and Args have the words, of entrypoint and command together. */
function commandLine({ Path, Args, Config }: LibpodContainer): { command: string[]; args: string[] } {
  const words = [Path, ...(Args ?? [])];
  const entrypoint = Array.isArray(Config.Entrypoint) ? Config.Entrypoint.join(' ') : (Config.Entrypoint ?? '');
  const length = entrypoint === '' ? 0 : 1 + words.findIndex((_, i) => words.slice(0, i + 1).join(' ') === entrypoint);
  return { command: words.slice(0, length), args: words.slice(length) };
}

const keyAndValue = (pair: string): [string, string] => {
  const [key = ''] = pair.split('=', 1);
  return [key, pair.slice(key.length + 1)];
};

const restartPolicy = (name = ''): ObservedConfig['restart'] =>
  name === 'on-failure' ? name : name === 'always' || name === 'unless-stopped' ? 'always' : 'no';

function portMappings([port, bindings]: [string, { HostIp: string; HostPort: string }[] | null]): PortMapping[] {
  const [containerPort, protocol] = port.split('/');
  return (bindings ?? []).map(({ HostIp, HostPort }) => ({
    containerPort: Number(containerPort),
    hostPort: Number(HostPort),
    ...(HostIp && { hostIp: HostIp }),
    protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
  }));
}

function mount({ Type, Name, Source, Destination, RW, Propagation }: LibpodMount): Mount[] {
  const where = { target: Destination, readOnly: !RW };
  if (Type === 'volume') return [{ kind: 'volume', volume: Name ?? '', ...where }];
  if (Type !== 'bind') return [];
  const propagation = Propagation === 'rslave' || Propagation === 'rshared' ? Propagation : 'private';
  return [{ kind: 'bind', source: Source, propagation, ...where }];
}

const tmpfs = (target: string): Mount => ({ kind: 'tmpfs', target });

const sandboxOf = (id: string | undefined) => (id ? { sandboxId: id } : {});

const sharedNetworkOf = (networkMode = ''): string | undefined => /^container:(.+)$/.exec(networkMode)?.[1];

const positive = <K extends string>(key: K, value = 0) =>
  (value > 0 ? { [key]: value } : {}) as Partial<Record<K, number>>;

const sha256 = (id: string): string => (id.startsWith('sha256:') ? id : `sha256:${id}`);
