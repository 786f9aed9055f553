import type { NetworkAddress, PodSandboxSpec, PortMapping } from './pod-sandbox.ts';
import type { ContainerStats, ExecSession, ExecSpec, ProcessStreams } from './process.ts';

/** Everything an engine must know to make one container (CRI: ContainerConfig). */
export type ContainerSpec = {
  name: string;
  /** Reference or id of an image that is present. */
  image: string;
  /** Replaces the image's entrypoint; with it the image's own arguments are dropped, as in Kubernetes. */
  command?: readonly string[];
  /** Replaces the image's arguments. */
  args?: readonly string[];
  env: Readonly<Record<string, string>>;
  workingDir?: string;
  /** `uid`, `uid:gid` or a name from the image. */
  user?: string;
  supplementalGroups: readonly number[];
  labels: Readonly<Record<string, string>>;
  mounts: readonly Mount[];
  devices: readonly DeviceMapping[];
  resources: ContainerResources;
  /** Processors that it may run on, as the kernel lists them: `2-3,5`. Undefined is all. */
  cpuset?: string;
  limits?: readonly ResourceLimit[];
  security: ContainerSecurity;
  /** The engine's own policy: what keeps the workload alive while k2d is away, and after a reboot. */
  restart: 'no' | 'on-failure' | 'always';
  stopSignal?: string;
  stopTimeoutSeconds: number;
  tty: boolean;
  stdin: boolean;
  stdinOnce: boolean;
  sandbox: SandboxPlace;
};

/** Whose namespaces a container lives in. */
export type SandboxPlace =
  /** Of a sandbox that runs; `processesOf` is another member whose processes it sees (CRI: NamespaceMode TARGET). */
  | { kind: 'member'; id: string; processesOf?: string }
  /** Of a container that runs and is its own sandbox: its network and host name, and its processes if they are shared. */
  | { kind: 'guest'; of: string; sharesProcesses: boolean }
  | { kind: 'own'; spec: PodSandboxSpec };

export type Mount =
  /** A path of the host; it must exist. */
  | {
      kind: 'bind';
      source: string;
      target: string;
      readOnly: boolean;
      propagation: 'private' | 'rslave' | 'rshared';
      /** What is mounted below it is read-only, too (capability `recursiveReadOnlyMounts`). */
      recursiveReadOnly?: boolean;
    }
  /** The files of an image that is present, read-only (capability `imageVolumes`). */
  | { kind: 'image'; image: string; target: string; readOnly: true }
  | { kind: 'volume'; volume: string; target: string; readOnly: boolean }
  | { kind: 'tmpfs'; target: string; sizeBytes?: number };

export type DeviceMapping = { hostPath: string; containerPath: string; permissions: string };

/** Undefined means no limit. */
export type ContainerResources = {
  memoryBytes?: number;
  /** Relative weight, 1024 is one core's worth (cgroup v1 cpu.shares). */
  cpuShares?: number;
  /** Thousandths of a core. */
  cpuMillis?: number;
  oomScoreAdj?: number;
};

export type ContainerSecurity = {
  privileged: boolean;
  capAdd: readonly string[];
  capDrop: readonly string[];
  readOnlyRootfs: boolean;
  noNewPrivileges: boolean;
  /** Undefined is the engine's own profile. */
  seccomp?: SeccompProfile;
  /** A profile that the host's kernel has loaded, or `unconfined`. Undefined is the engine's own, where the host has AppArmor. */
  appArmor?: string;
  /** Without effect where the host has no SELinux. */
  seLinux?: SeLinuxLabel;
  /** Nothing below /proc is hidden or read-only. */
  unmaskedProc?: boolean;
};

/** `path` is the file on the host, `profile` what is in it: engines take the one or the other. */
export type SeccompProfile = { kind: 'unconfined' } | { kind: 'file'; path: string; profile: string };

export type SeLinuxLabel = { user?: string; role?: string; type?: string; level?: string };

/** Of the kernel (setrlimit(2)): `memlock` in bytes, `rtprio` up to 99. The same for both bounds; Infinity is none. */
export type ResourceLimit = { name: 'memlock' | 'rtprio'; value: number };

/** `previousEnd` is when the run before this one ended, if the same container was started again. */
export type ContainerRun = { startedAt: Date; previousEnd?: Date };

export type ContainerState =
  | { kind: 'created' }
  | ({ kind: 'running' } & ContainerRun)
  | ({ kind: 'paused' } & ContainerRun)
  /** The engine waits before it starts the container again by its policy. */
  | { kind: 'restarting'; exit: ContainerExit }
  | { kind: 'exited'; exit: ContainerExit };

export type ContainerExit = {
  code: number;
  oomKilled: boolean;
  /** The engine's own words when the container could not be started, else empty. */
  error: string;
  startedAt?: Date;
  finishedAt?: Date;
};

/** One line of a list: enough to know whose it is and whether to look closer. */
export type ContainerSummary = {
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  state: ContainerState['kind'];
  /** Id of the sandbox or container whose network namespace it shares. */
  sandboxId?: string;
  /** True for the pause container that stands for a sandbox, and for what port-forward puts beside it; it is never a workload. */
  isSandbox: boolean;
};

export type ContainerStatus = {
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  /** As it was asked for at creation. */
  image: string;
  imageId: string;
  createdAt: Date;
  state: ContainerState;
  /** How often the engine restarted it by its policy since it was created or last started by a call. */
  restartCount: number;
  sandboxId?: string;
  isSandbox: boolean;
  /** Address in each network it is attached to; empty while it does not run. */
  addresses: readonly NetworkAddress[];
  hostNetwork: boolean;
  /** What it was made with, for containers that somebody else made. */
  config: ObservedConfig;
};

export type ObservedConfig = {
  command: readonly string[];
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  workingDir: string;
  user: string;
  hostname: string;
  tty: boolean;
  stdin: boolean;
  privileged: boolean;
  /** Without `CAP_`. */
  capAdd: readonly string[];
  capDrop: readonly string[];
  readOnlyRootfs: boolean;
  hostPid: boolean;
  hostIpc: boolean;
  /** Paths of the host. */
  devices: readonly string[];
  restart: 'no' | 'on-failure' | 'always';
  ports: readonly PortMapping[];
  mounts: readonly Mount[];
  resources: ContainerResources;
};

export type LogOptions = {
  follow: boolean;
  /** Lines from the end; undefined is all. */
  tail?: number;
  since?: Date;
  until?: Date;
};

/** One line, or the part of one that the container wrote before it ended; without its line feed. */
export type LogEntry = { stream: 'stdout' | 'stderr'; time: Date; timestamp: string; line: Buffer };

export type Containers = {
  /** The name is unique: AlreadyExists when taken, NotFound when the image is missing. */
  create(spec: ContainerSpec): Promise<string>;
  /** Running already is success. InvalidArgument or Internal with the engine's words when it cannot start. */
  start(id: string): Promise<void>;
  /** Stop signal, then SIGKILL after the grace; stopped or gone is success. Resolves when it has ended. */
  stop(id: string, graceSeconds: number): Promise<void>;
  /** Stop and start in one call of the engine, so that nothing is left stopped if the caller dies meanwhile. NotFound when gone. */
  restart(id: string, graceSeconds: number): Promise<void>;
  /** Ends it at once if it runs, and removes it with its anonymous volumes. Gone is success. */
  remove(id: string): Promise<void>;
  /** All containers of the engine, also those that are not k2d's. */
  list(): Promise<ContainerSummary[]>;
  /** Undefined when there is none of that id or name. */
  status(idOrName: string): Promise<ContainerStatus | undefined>;
  /** Ends when the container does, or with the signal. NotFound when there is none. */
  logs(id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogEntry>;
  /** Starts a further process in it. NotFound when there is none, Conflict while it does not run. The signal ends the streams, not the process. */
  exec(id: string, spec: ExecSpec, signal: AbortSignal): Promise<ExecSession>;
  /** The streams of its first process from now on, before or after its start. NotFound when there is none. */
  attach(id: string, options: { stdin: boolean }, signal: AbortSignal): Promise<ProcessStreams>;
  /** Limits of a container that lives on; undefined lifts one. InvalidArgument when the engine or the kernel refuses. */
  update(id: string, resources: ContainerResources): Promise<void>;
  /** Of those that run; the others are left out. */
  stats(ids: readonly string[]): Promise<ContainerStats[]>;
};
