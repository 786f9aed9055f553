import type { Duplex } from 'node:stream';

/** Names and addresses that the containers of one pod share (CRI: PodSandboxConfig). */
export type PodSandboxSpec = {
  /** Name of the engine object, if the sandbox needs one of its own. */
  name: string;
  labels: Readonly<Record<string, string>>;
  hostname: string;
  network: PodNetwork;
  /** Further networks beside that one, which keeps the default route. Only for mode `network`. */
  attachments?: readonly NetworkAttachment[];
  /** Undefined: whatever the engine gives its containers. */
  dns?: DnsConfig;
  /** Ports published on the host by the engine itself. */
  ports: readonly PortMapping[];
  sysctls: Readonly<Record<string, string>>;
  shareProcessNamespace: boolean;
  hostPid: boolean;
  hostIpc: boolean;
};

export type PodNetwork =
  | { mode: 'host' }
  | { mode: 'none' }
  /** `ip` is static and stays with the pod over every restart. */
  | { mode: 'network'; network: string; ip: string };

/** A static address in a secondary network. Interface and hardware address can be chosen with the capability `interfaceIdentity`. */
export type NetworkAttachment = { network: string; ip: string; interface?: string; mac?: string };

export type NetworkAddress = { network: string; ip: string; mac?: string };

export type DnsConfig = {
  servers: readonly string[];
  searches: readonly string[];
  options: readonly string[];
};

export type PortMapping = {
  containerPort: number;
  hostPort: number;
  hostIp?: string;
  protocol: 'tcp' | 'udp' | 'sctp';
};

export type PodSandboxStatus = {
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** A sandbox that is not ready has lost its namespaces: its containers must be made anew. */
  state: 'ready' | 'notready';
  createdAt: Date;
  /** As in ContainerStatus. */
  addresses: readonly NetworkAddress[];
};

/**
 * Sandboxes that exist on the engine in their own right: a pause container on Docker, a native pod on Podman.
 * A pod with one container needs none; that container is its own sandbox (see ContainerSpec.sandbox).
 */
export type PodSandboxes = {
  /** Creates and starts; the name is unique, a second call fails with AlreadyExists. */
  run(spec: PodSandboxSpec): Promise<string>;
  /** Stops every container in it. Already stopped or gone is success (CRI: StopPodSandbox). */
  stop(id: string, graceSeconds: number): Promise<void>;
  /** Removes it with all its containers, running or not. Gone is success. */
  remove(id: string): Promise<void>;
  /** Undefined when there is none of that id. */
  status(id: string): Promise<PodSandboxStatus | undefined>;
  /** Those which carry all the given labels. */
  list(labels: Readonly<Record<string, string>>): Promise<PodSandboxStatus[]>;
  /**
   * A connection to a TCP port of localhost, as from inside the network that this container runs in, whoever made it (CRI: PortForward). Once the other
   * side has ended nothing more can be written to it. The signal destroys it, without an error. ConnectionRefused when nothing listens,
   * NotFound when there is no such container, Conflict while it does not run.
   */
  portForward(containerId: string, port: number, signal: AbortSignal): Promise<Duplex>;
};
