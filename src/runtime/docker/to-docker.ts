import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type {
  ContainerResources,
  ContainerSecurity,
  ContainerSpec,
  DeviceMapping,
  Mount,
  ResourceLimit,
} from '../../domain/container-runtime/container.ts';
import type { PodSandboxSpec } from '../../domain/container-runtime/pod-sandbox.ts';
import { SANDBOX_LABEL, SHARED_PID_LABEL } from './labels.ts';
import { type JoinedSandbox, joinedNamespaces, ownNamespaces } from './pod-namespaces.ts';

/** Body of `POST /containers/create`. */
export type CreateBody = Omit<ContainerCreateOptions, 'HostConfig'> & {
  HostConfig: Omit<HostConfig, 'Mounts'> & { Mounts?: readonly object[] };
};

/** An SD card never fills with logs: at most two files of 10 MB for each container. */
const boundedLog = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } };

/** Kubernetes has probes of its own; the image's would only fill the event stream. The kubelet's dockershim did the same. */
const noHealthcheck = { Test: ['NONE'] };

/** Nobody, as in Kubernetes' own pause image (build/pause/Dockerfile). */
const PAUSE_USER = '65535:65535';

/** The kernel's default scheduling period, in microseconds; Kubernetes computes quotas against it. */
const CPU_PERIOD_US = 100_000;

/** The kernel's. */
const DEFAULT_CPU_SHARES = 1024;

/** A limit cannot be taken back (20.10 refuses -1): this is more than any machine has. */
export const NO_MEMORY_LIMIT = 2 ** 50;

/** `joined` is the sandbox of a member, undefined for a container that is its own. */
export function containerBody(spec: ContainerSpec, joined: JoinedSandbox | undefined): CreateBody {
  const pod =
    spec.sandbox.kind === 'own' ? ownNamespaces(spec.sandbox.spec) : { HostConfig: joined && joinedNamespaces(joined) };
  return {
    Image: spec.image,
    ...entrypoint(spec),
    Env: Object.entries(spec.env).map(([key, value]) => `${key}=${value}`),
    ...(spec.workingDir !== undefined && { WorkingDir: spec.workingDir }),
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    StopTimeout: spec.stopTimeoutSeconds,
    Labels: { ...spec.labels },
    Tty: spec.tty,
    OpenStdin: spec.stdin,
    StdinOnce: spec.stdinOnce,
    Healthcheck: noHealthcheck,
    ...pod,
    HostConfig: {
      ...pod.HostConfig,
      LogConfig: boundedLog,
      RestartPolicy: { Name: spec.restart },
      GroupAdd: spec.supplementalGroups.map(String),
      Mounts: spec.mounts.map(mount),
      Devices: spec.devices.map(device),
      ...resources(spec.resources),
      ...(spec.cpuset !== undefined && { CpusetCpus: spec.cpuset }),
      ...(spec.limits && { Ulimits: spec.limits.map(ulimit) }),
      ...security(spec.security),
    },
  };
}

/** A container that holds a pod's namespaces open and does nothing. `image` has catatonit in its path. */
export function pauseBody(spec: PodSandboxSpec, image: string): CreateBody {
  const pod = ownNamespaces(spec);
  return {
    Image: image,
    Entrypoint: ['catatonit', '-P'],
    User: PAUSE_USER,
    StopSignal: 'SIGTERM',
    Healthcheck: noHealthcheck,
    Labels: {
      ...spec.labels,
      [SANDBOX_LABEL]: 'true',
      ...(spec.shareProcessNamespace && { [SHARED_PID_LABEL]: 'true' }),
    },
    ...pod,
    HostConfig: {
      ...pod.HostConfig,
      ...(!spec.hostIpc && { IpcMode: 'shareable' }),
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'always' },
      ...security({ privileged: false, capAdd: [], capDrop: ['ALL'], readOnlyRootfs: true, noNewPrivileges: true }),
    },
  };
}

/** A container in the network of another one, that ends with its input and is then removed. Its own processes ignore signals, as the first ones do. */
export const relayBody = (of: string, image: string, command: readonly string[], label: string): CreateBody => ({
  Image: image,
  Entrypoint: [...command],
  User: PAUSE_USER,
  StopSignal: 'SIGKILL',
  Healthcheck: noHealthcheck,
  Labels: { [label]: 'true' },
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
  HostConfig: {
    AutoRemove: true,
    NetworkMode: `container:${of}`,
    LogConfig: { Type: 'none', Config: {} },
    ...security({ privileged: false, capAdd: [], capDrop: ['ALL'], readOnlyRootfs: true, noNewPrivileges: true }),
  },
});

/** With a command of the user's own Docker drops the image's arguments, as Kubernetes wants it; empty means the image's. */
const entrypoint = ({ command = [], args = [] }: ContainerSpec): Pick<CreateBody, 'Entrypoint' | 'Cmd'> => ({
  ...(command.length > 0 && { Entrypoint: [...command] }),
  ...(args.length > 0 && { Cmd: [...args] }),
});

function mount(mounted: Mount): object {
  switch (mounted.kind) {
    case 'bind': {
      const Propagation = mounted.propagation === 'private' ? 'rprivate' : mounted.propagation;
      const { source: Source, target: Target, readOnly: ReadOnly } = mounted;
      const recursive = mounted.recursiveReadOnly && { ReadOnlyForceRecursive: true };
      return { Type: 'bind', Source, Target, ReadOnly, BindOptions: { Propagation, ...recursive } };
    }
    case 'image':
      return { Type: 'image', Source: mounted.image, Target: mounted.target, ReadOnly: true };
    case 'volume':
      // Kubernetes never fills a volume from the image.
      return {
        Type: 'volume',
        Source: mounted.volume,
        Target: mounted.target,
        ReadOnly: mounted.readOnly,
        VolumeOptions: { NoCopy: true },
      };
    case 'tmpfs':
      return {
        Type: 'tmpfs',
        Target: mounted.target,
        ...(mounted.sizeBytes !== undefined && { TmpfsOptions: { SizeBytes: mounted.sizeBytes } }),
      };
  }
}

const device = ({ hostPath, containerPath, permissions }: DeviceMapping) => ({
  PathOnHost: hostPath,
  PathInContainer: containerPath,
  CgroupPermissions: permissions,
});

/** MemorySwap as large as Memory means no swap, as on a Kubernetes node; without it Docker grants as much again. */
const resources = ({ memoryBytes, cpuShares, cpuMillis, oomScoreAdj }: ContainerResources) => ({
  ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
  ...(cpuShares !== undefined && { CpuShares: cpuShares }),
  ...(cpuMillis !== undefined && { CpuPeriod: CPU_PERIOD_US, CpuQuota: (cpuMillis * CPU_PERIOD_US) / 1000 }),
  ...(oomScoreAdj !== undefined && { OomScoreAdj: oomScoreAdj }),
});

/** Body of `POST /containers/ID/update`: nothing is left out, for what is stays as it is. How OOM kills choose cannot be changed. */
export const updateBody = ({
  memoryBytes = NO_MEMORY_LIMIT,
  cpuShares = DEFAULT_CPU_SHARES,
  cpuMillis,
}: ContainerResources) => ({
  Memory: memoryBytes,
  MemorySwap: memoryBytes,
  CpuShares: cpuShares,
  CpuPeriod: CPU_PERIOD_US,
  CpuQuota: cpuMillis === undefined ? -1 : (cpuMillis * CPU_PERIOD_US) / 1000,
});

const ulimit = ({ name, value }: ResourceLimit) => {
  const bound = value === Infinity ? -1 : value;
  return { Name: name, Soft: bound, Hard: bound };
};

const security = (wanted: ContainerSecurity) => {
  const options = securityOptions(wanted);
  return {
    Privileged: wanted.privileged,
    CapAdd: [...wanted.capAdd],
    CapDrop: [...wanted.capDrop],
    ReadonlyRootfs: wanted.readOnlyRootfs,
    ...(options.length > 0 && { SecurityOpt: options }),
    ...(wanted.unmaskedProc && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
};

/** `docker run --security-opt`, except that the API takes the profile itself, not its file. */
const securityOptions = ({ noNewPrivileges, seccomp, appArmor, seLinux = {} }: ContainerSecurity): string[] => [
  ...(noNewPrivileges ? ['no-new-privileges'] : []),
  ...(seccomp ? [`seccomp=${seccomp.kind === 'file' ? seccomp.profile : seccomp.kind}`] : []),
  ...(appArmor === undefined ? [] : [`apparmor=${appArmor}`]),
  ...Object.entries(seLinux).map(([part, value]) => `label=${part}:${value}`),
];
