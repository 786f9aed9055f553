import type { ContainerRuntime, RuntimeInfo } from '../container-runtime/container-runtime.ts';
import type { NetworkSpec } from '../container-runtime/network.ts';
import type { NodeCapabilities } from '../container-runtime/node-capabilities.ts';
import type { Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import type { Pod, ResourceList } from '../meta/types.ts';
import type { EventRecorder } from '../registry/event-recorder.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceCatalog } from '../resources/resource-catalog.ts';
import type { ImageCollectionPolicy } from './images/image-collection-plan.ts';
import type { MintToken } from './volumes/pod-tokens.ts';

/** What the operator keeps from pods and from disks. */
export type NodeLimits = { maxPods: number; reserved: ResourceList; images: ImageCollectionPolicy };

export type KubeletOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  runtime: ContainerRuntime;
  info: RuntimeInfo;
  capabilities: NodeCapabilities;
  instance: string;
  nodeName: string;
  machineId: string;
  version: string;
  dataPath: string;
  limits: NodeLimits;
  /** Where the engine's disk may be seen. */
  engineFolders: readonly string[];
  /** Where the host's `/` is for this process. */
  hostRoot: string;
  network: NetworkSpec;
  allowedUnsafeSysctls: readonly string[];
  /** An address of the pods' range that is not in the set; undefined when there is none. */
  firstFreeAddress: (taken: ReadonlySet<string>) => string | undefined;
  hostIp: () => string;
  hostsText: (pod: Pod, ip: string) => string;
  mintToken: MintToken;
  podStarted: () => Promise<void>;
  clock: Clock;
  logger: Logger;
  recorder: EventRecorder;
  signal: AbortSignal;
};
