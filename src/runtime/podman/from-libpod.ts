import type { ContainerStatus, ContainerSummary } from '../../domain/container-runtime/container.ts';
import type { RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';
import type { ImageStatus, ImageSummary } from '../../domain/container-runtime/image.ts';
import type { NetworkStatus } from '../../domain/container-runtime/network.ts';
import type { PodSandboxStatus } from '../../domain/container-runtime/pod-sandbox.ts';
import type { VolumeStatus } from '../../domain/container-runtime/volume.ts';
import { RELAY_LABEL } from '../wire/port-relays.ts';
import { containerState, stateKind } from './container-state.ts';
import { callersLabels } from './host-namespaces.ts';
import type {
  LibpodContainer,
  LibpodContainerListing,
  LibpodImage,
  LibpodInfo,
  LibpodNetwork,
  LibpodPod,
  LibpodVolume,
} from './libpod-answers.ts';
import { observedConfig } from './observed-config.ts';

export const containerSummary = (listed: LibpodContainerListing): ContainerSummary => ({
  id: listed.Id,
  name: listed.Names?.[0] ?? '',
  labels: listed.Labels ?? {},
  state: stateKind(listed.State),
  ...sandboxOf(listed.Pod),
  isSandbox: (listed.IsInfra ?? false) || RELAY_LABEL in (listed.Labels ?? {}),
});

export function containerStatus(inspected: LibpodContainer, now: Date): ContainerStatus {
  const { Config: config, HostConfig: hostConfig } = inspected;
  return {
    id: inspected.Id,
    name: inspected.Name,
    labels: config.Labels ?? {},
    image: inspected.ImageName ?? config.Image ?? '',
    imageId: sha256(inspected.Image),
    createdAt: new Date(inspected.Created),
    state: containerState(inspected, now),
    restartCount: inspected.RestartCount ?? 0,
    ...sandboxOf(inspected.Pod || sharedNetworkOf(hostConfig.NetworkMode)),
    isSandbox: (inspected.IsInfra ?? false) || RELAY_LABEL in (config.Labels ?? {}),
    addresses: addressesOf(inspected),
    hostNetwork: hostConfig.NetworkMode === 'host',
    config: observedConfig(inspected),
  };
}

const addressesOf = ({ NetworkSettings }: LibpodContainer): ContainerStatus['addresses'] =>
  Object.entries(NetworkSettings?.Networks ?? {}).flatMap(([network, { IPAddress: ip, MacAddress: mac }]) =>
    ip ? [{ network, ip, ...(mac && { mac }) }] : [],
  );

/** `containers` are all of the pod; `infra` is the one whose namespaces are the sandbox. */
export const sandboxStatus = (
  pod: LibpodPod,
  containers: readonly LibpodContainerListing[],
  infra: LibpodContainer | undefined,
): PodSandboxStatus => {
  return {
    id: pod.Id,
    name: pod.Name,
    labels: callersLabels(pod.Labels ?? {}),
    state: isReady(containers) ? 'ready' : 'notready',
    createdAt: new Date(pod.Created),
    addresses: infra ? addressesOf(infra) : [],
  };
};

/** A member that has been running for longer than its infra container lives in the namespaces of the one before. */
function isReady(containers: readonly LibpodContainerListing[]): boolean {
  const running = containers.filter(({ State }) => stateKind(State) === 'running');
  const infra = running.find(({ IsInfra }) => IsInfra);
  return infra !== undefined && running.every(({ StartedAt }) => StartedAt >= infra.StartedAt);
}

export const imageSummary = ({ Id, RepoTags, RepoDigests, Size }: LibpodImage): ImageSummary => ({
  id: sha256(Id),
  tags: RepoTags ?? [],
  digests: RepoDigests ?? [],
  sizeBytes: Size,
});

export const imageStatus = (inspected: LibpodImage): ImageStatus => ({
  ...imageSummary(inspected),
  user: inspected.Config?.User ?? '',
  command: inspected.Config?.Entrypoint ?? [],
  args: inspected.Config?.Cmd ?? [],
});

export const volumeStatus = ({ Name, Labels, Mountpoint }: LibpodVolume): VolumeStatus => ({
  name: Name,
  labels: Labels ?? {},
  mountpoint: Mountpoint,
});

export const networkStatus = ({ name, labels, driver, subnets, network_interface }: LibpodNetwork): NetworkStatus => ({
  name,
  labels: labels ?? {},
  subnet: subnets?.[0]?.subnet ?? '',
  bridge: driver === 'bridge' ? (network_interface ?? '') : '',
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
    resourceLimits: !host.security.rootless || (host.cgroupControllers ?? []).includes('memory'),
    imageVolumes: true,
    // 4.3 does not know the option; no newer one was tried.
    recursiveReadOnlyMounts: false,
    // containers/podman pkg/specgen/generate/security_linux.go: `else` branch of setting capabilities for a user.
    ambientCapabilities: true,
    appArmor: host.security.apparmorEnabled,
    interfaceIdentity: true,
  },
});

const sandboxOf = (id: string | undefined) => (id ? { sandboxId: id } : {});

const sharedNetworkOf = (networkMode = ''): string | undefined => /^container:(.+)$/.exec(networkMode)?.[1];

const sha256 = (id: string): string => (id.startsWith('sha256:') ? id : `sha256:${id}`);
