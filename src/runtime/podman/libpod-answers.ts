/** The parts of libpod's answers (Podman 4.0 to 5) that are read here. Go's empty maps and lists arrive as null or not at all. */

export type LibpodContainerListing = {
  Id: string;
  Names: string[] | null;
  Labels: Record<string, string> | null;
  State: string;
  /** Seconds since 1970. */
  StartedAt: number;
  Pod?: string;
  IsInfra?: boolean;
};

export type LibpodMount = {
  Type: string;
  Name?: string;
  Source: string;
  Destination: string;
  RW: boolean;
  Propagation?: string;
};

export type LibpodContainer = {
  Id: string;
  Name: string;
  Created: string;
  Path: string;
  Args: string[] | null;
  /** The image's id. */
  Image: string;
  ImageName?: string;
  Pod?: string;
  IsInfra?: boolean;
  RestartCount?: number;
  State: {
    Status: string;
    ExitCode: number;
    OOMKilled?: boolean;
    Error?: string;
    /** Podman 5. */
    StoppedByUser?: boolean;
    StartedAt: string;
    FinishedAt: string;
  };
  NetworkSettings?: { Networks?: Record<string, { IPAddress?: string; MacAddress?: string }> | null };
  Mounts: LibpodMount[] | null;
  Config: {
    Hostname?: string;
    User?: string;
    Tty?: boolean;
    OpenStdin?: boolean;
    Env: string[] | null;
    Image?: string;
    WorkingDir?: string;
    /** One text in Podman 4, a list in 5. */
    Entrypoint?: string | string[] | null;
    Labels: Record<string, string> | null;
  };
  HostConfig: {
    NetworkMode?: string;
    PidMode?: string;
    IpcMode?: string;
    Privileged?: boolean;
    CapAdd?: string[] | null;
    CapDrop?: string[] | null;
    ReadonlyRootfs?: boolean;
    Devices?: { PathOnHost: string }[] | null;
    RestartPolicy?: { Name?: string };
    PortBindings?: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Tmpfs?: Record<string, string> | null;
    Memory?: number;
    CpuShares?: number;
    NanoCpus?: number;
    OomScoreAdj?: number;
  };
};

export type LibpodPod = { Id: string; Name: string; Created: string; Labels?: Record<string, string> | null };

export type LibpodImage = {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Size: number;
  Config?: { User?: string; Entrypoint?: string[] | null; Cmd?: string[] | null } | null;
};

export type LibpodVolume = { Name: string; Labels: Record<string, string> | null; Mountpoint: string };

export type LibpodNetwork = {
  name: string;
  driver: string;
  labels?: Record<string, string> | null;
  network_interface?: string;
  subnets?: { subnet: string }[] | null;
};

export type LibpodInfo = {
  host: {
    arch: string;
    cpus: number;
    memTotal: number;
    kernel: string;
    distribution: { distribution: string; version?: string };
    security: { rootless: boolean; apparmorEnabled: boolean };
    /** Those that were delegated to its user; with root they are not looked at. */
    cgroupControllers?: string[] | null;
  };
  store: { graphRoot: string };
  version: { Version: string };
};
