import type { Containers } from './container.ts';
import type { Images } from './image.ts';
import type { Networks } from './network.ts';
import type { PodSandboxes } from './pod-sandbox.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import type { Volumes } from './volume.ts';

/**
 * The one engine, in the words of CRI (k8s.io/cri-api runtime.v1). Every verb is idempotent where CRI's is, fails with a
 * RuntimeError and nothing else, and is bounded in time.
 */
export type ContainerRuntime = {
  readonly sandboxes: PodSandboxes;
  readonly containers: Containers;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly networks: Networks;
  /**
   * Yields `{ action: 'connected' }` once the engine listens, then what happens, and before it what has happened since a moment as far as the engine
   * remembers that. Ends with the signal; throws Unavailable when the stream breaks: then connect again and list everything.
   */
  events(signal: AbortSignal, since?: Date): AsyncIterable<{ action: 'connected' } | RuntimeEvent>;
  info(): Promise<RuntimeInfo>;
};

export type RuntimeInfo = {
  /** As Kubernetes spells it: `docker`, `podman`. */
  name: string;
  version: string;
  operatingSystem: string;
  kernelVersion: string;
  /** As in image manifests: amd64, arm64, arm. */
  architecture: string;
  cpus: number;
  memoryBytes: number;
  /** Where the engine keeps images and volumes, on the host. */
  rootDirectory: string;
  capabilities: RuntimeCapabilities;
};

/** What differs between engines and versions, asked for by name; nobody asks which engine it is. */
export type RuntimeCapabilities = {
  /** The engine waits longer and longer between restarts by its own policy; else a crash loop runs as fast as it can. */
  restartBackoff: boolean;
  /** A container killed for memory says so; else exit code 137 is all there is. */
  reportsOomKilled: boolean;
  rootless: boolean;
  /** Limits of memory and processor have an effect; an engine without root has no part in cgroups of version 1. */
  resourceLimits: boolean;
  /** Containers can mount the files of an image. */
  imageVolumes: boolean;
  /** Mounts below a read-only mount can be made read-only with it. */
  recursiveReadOnlyMounts: boolean;
  /** Added capabilities are in force for users other than root; else only programs with file capabilities get them, as in Kubernetes. */
  ambientCapabilities: boolean;
  /** The host's kernel has it, and the engine uses it. */
  appArmor: boolean;
  /** Interfaces in secondary networks get the name and the hardware address that are asked for; else the engine's own. */
  interfaceIdentity: boolean;
};
