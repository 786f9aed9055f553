import { createHash } from 'node:crypto';
import type { ServiceAccountTokens } from '../../api/auth/service-account-token.ts';
import type { Config } from '../../config.ts';
import type { ContainerRuntime, RuntimeInfo } from '../../domain/container-runtime/container-runtime.ts';
import type { NodeCapabilities } from '../../domain/container-runtime/node-capabilities.ts';
import { Kubelet } from '../../domain/kubelet/kubelet.ts';
import { podHostname } from '../../domain/kubelet/container-spec/pod-hostname.ts';
import type { MintToken } from '../../domain/kubelet/volumes/pod-tokens.ts';
import { systemClock } from '../../domain/meta/clock.ts';
import { firstFree } from '../../domain/meta/ipv4-range.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { podNetworkAddresses } from '../../domain/network/addresses.ts';
import { hostsFile } from '../../domain/network/hosts-file.ts';
import type { ServiceDataplane } from '../../domain/network/service-dataplane.ts';
import { eventRecorder } from '../../domain/registry/event-recorder.ts';
import type { Registry } from '../../domain/registry/registry.ts';
import { endpointSlices } from '../../domain/resources/endpoint-slice.ts';
import type { ResourceCatalog } from '../../domain/resources/resource-catalog.ts';
import { serviceAccounts } from '../../domain/resources/service-account.ts';
import { services } from '../../domain/resources/service.ts';
import { kubernetesVersion } from '../../version.ts';
import { podNetwork } from './pod-network.ts';

export type KubeletParts = {
  config: Config;
  registry: Registry;
  catalog: ResourceCatalog;
  runtime: ContainerRuntime;
  info: RuntimeInfo;
  capabilities: NodeCapabilities;
  dataplane: ServiceDataplane;
  tokens: ServiceAccountTokens;
  hostIp: () => string;
  logger: Logger;
  signal: AbortSignal;
};

/** Gives the kubelet what it takes from other rooms, as plain functions. */
export function startKubelet(parts: KubeletParts): Promise<Kubelet> {
  const { config, registry, catalog, runtime, info, capabilities, dataplane, tokens, hostIp, logger, signal } = parts;
  const { pods } = podNetworkAddresses(config.podCidr);
  const { instance, nodeName, dataPath } = config;
  return Kubelet.start({
    registry,
    catalog,
    runtime,
    info,
    capabilities,
    instance,
    nodeName,
    machineId: createHash('sha256').update(`${instance}/${nodeName}`).digest('hex').slice(0, 32),
    version: kubernetesVersion.gitVersion,
    dataPath,
    hostRoot: config.hostRoot,
    limits: config.limits,
    // Where deploying mounts it, for a container sees no more of the host than it is given.
    engineFolders: ['/host/engine-data'],
    allowedUnsafeSysctls: config.allowedUnsafeSysctls,
    network: podNetwork(config),
    firstFreeAddress: (taken) => firstFree(pods, taken),
    hostIp,
    hostsText: (pod, ip) =>
      hostsFile({
        pod,
        ip,
        hostname: podHostname(pod),
        services: registry.all(services),
        endpointSlices: registry.all(endpointSlices),
      }),
    mintToken: mintFor(registry, tokens),
    podStarted: () => dataplane.podStarted(),
    clock: systemClock,
    logger,
    recorder: eventRecorder(registry, { component: 'kubelet', host: nodeName, clock: systemClock, logger }),
    signal,
  });
}

/** Tokens are bound to account and pod: they end with either. */
const mintFor =
  (registry: Registry, tokens: ServiceAccountTokens): MintToken =>
  (pod, { audience, expirationSeconds }) => {
    const { namespace = '', name: podName = '', uid: podUid = '' } = pod.metadata ?? {};
    const name = pod.spec?.serviceAccountName ?? 'default';
    const uid = registry.find(serviceAccounts, { namespace, name })?.metadata?.uid;
    if (uid === undefined) return undefined;
    return tokens.issue({
      namespace,
      serviceAccount: { name, uid },
      pod: { name: podName, uid: podUid },
      ...(audience === undefined ? {} : { audiences: [audience] }),
      expirationSeconds,
    });
  };
