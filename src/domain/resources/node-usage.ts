/** What the machine uses, everything on it included. */
export type NodeUsage = {
  time: Date;
  /** CPU is the mean of so long before `time`. */
  windowMs: number;
  cpuNanoCores: number;
  /** Since the machine was started. */
  cpuNanos: number;
  startedAt: Date;
  /** What is not free, and of it what is left when the kernel has dropped files that nobody reads. */
  memoryUsedBytes: number;
  memoryBytes: number;
  memoryTotalBytes: number;
  processes: number;
  mostProcesses: number;
  /** Where the engine keeps containers and images; undefined where that cannot be seen. */
  disk: NodeDisk | undefined;
};

export type NodeDisk = {
  totalBytes: number;
  /** What an ordinary user may still write. */
  availableBytes: number;
  /** 0 where the file system does not count them. */
  totalInodes: number;
  freeInodes: number;
};
