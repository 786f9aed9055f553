import type { ContainerRuntime } from '../container-runtime/container-runtime.ts';
import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import type { Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import type { ContainerIndex } from './pod/container-index.ts';
import type { HostsFiles } from './volumes/hosts-files.ts';
import type { ContainerEnding } from './hooks/container-ending.ts';
import type { PostStartHooksOptions } from './hooks/post-start-hooks.ts';
import type { ImageCollector } from './images/image-collector.ts';
import type { ImageRefs } from './images/image-refs.ts';
import type { ImagePuller } from './images/image-puller.ts';
import type { NodeRules } from './pod/pod-refusal.ts';
import type { SecondaryNetworks } from './networks/secondary-networks.ts';
import type { PodAddresses } from './pod/pod-addresses.ts';
import type { PodVolumes } from './volumes/pod-volumes.ts';
import type { PodSources } from './environment/pod-sources.ts';
import type { PodTokens } from './volumes/pod-tokens.ts';
import type { Prober } from './probes/prober.ts';

/** What all pod workers share. */
export type KubeletContext = {
  registry: Registry;
  catalog: ResourceCatalog;
  runtime: ContainerRuntime;
  capabilities: NodeCapabilities;
  nodeRules: NodeRules;
  /** Profiles that pods name by their files; it has the same path on the host. */
  seccompFolder: string;
  /** Scheme of container ids: `docker://…`. */
  engine: string;
  instance: string;
  /** Name of the one engine network for all pods. */
  network: string;
  clock: Clock;
  logger: Logger;
  recorder: EventRecorder;
  signal: AbortSignal;
  index: ContainerIndex;
  addresses: PodAddresses;
  secondaryNetworks: SecondaryNetworks;
  volumes: PodVolumes;
  hostsFiles: HostsFiles;
  puller: ImagePuller;
  collector: ImageCollector;
  imageRefs: ImageRefs;
  prober: Prober;
  ending: ContainerEnding;
  hookOptions: PostStartHooksOptions;
  tokens: PodTokens;
  hostIp(): string;
  sources: PodSources;
  /** True while some pod has this uid. */
  isAlive: (podUid: string) => boolean;
  /** Called after a container has joined the pod network. */
  podStarted(): Promise<void>;
};
