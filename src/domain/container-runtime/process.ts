/** One piece of what a process wrote, as it came. */
export type ProcessOutput = { stream: 'stdout' | 'stderr'; data: Buffer };

export type TerminalSize = { columns: number; rows: number };

/** The ends of a process's streams. Whoever opened them must read the output to its end, or fire the signal. */
export type ProcessStreams = {
  /** Ends when the process has, or with the signal; throws Unavailable when the engine goes away. Read slowly, the process waits. With a terminal all is stdout. */
  readonly output: AsyncIterable<ProcessOutput>;
  /** Resolves when the engine has taken it; what comes after the process's end is lost, as in a shell. */
  write(data: Buffer): Promise<void>;
  /** End of file for the process; its output still arrives. */
  endInput(): Promise<void>;
  /** Without a terminal, or after the end, nothing happens. */
  resize(size: TerminalSize): Promise<void>;
};

/** A process beside the container's first one (CRI: ExecRequest). */
export type ExecSpec = { command: readonly string[]; tty: boolean; stdin: boolean };

export type ExecSession = ProcessStreams & {
  /** To be asked when the output has ended. 126 or 127 when the engine could not start the command. */
  exitCode(): Promise<number>;
};

/** What a container uses now (CRI: ContainerStats). */
export type ContainerStats = {
  id: string;
  time: Date;
  /** Nanoseconds since it was started. */
  cpuNanos: number;
  /** Working set: what is left when the kernel has dropped files that nobody reads. */
  memoryBytes: number;
  networkRxBytes: number;
  networkTxBytes: number;
  processes: number;
};
