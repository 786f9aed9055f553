export type VolumeSpec = {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** In memory instead of on disk; `sizeBytes` undefined is the engine's own bound. Everybody may write; with a `group` its files are the group's. */
  tmpfs?: { sizeBytes?: number; group?: number };
  /** Shows this folder of the host, which must exist when a container starts and outlives the volume. */
  folder?: string;
};

export type VolumeStatus = { name: string; labels: Readonly<Record<string, string>>; mountpoint: string };

export type Volumes = {
  /** Present already is success, and leaves it as it is. */
  create(spec: VolumeSpec): Promise<void>;
  /** Gone is success; Conflict while a container uses it. */
  remove(name: string): Promise<void>;
  status(name: string): Promise<VolumeStatus | undefined>;
  /** Those which carry all the given labels. */
  list(labels: Readonly<Record<string, string>>): Promise<VolumeStatus[]>;
};
