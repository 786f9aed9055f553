/** Something happened to a container. A hint to look again, never a fact to store: events can be lost or doubled. */
export type RuntimeEvent = {
  action: 'created' | 'started' | 'exited' | 'paused' | 'unpaused' | 'updated' | 'removed' | 'oom';
  containerId: string;
  labels: Readonly<Record<string, string>>;
  time: Date;
  /** Of one that exited: a container that runs again tells of it no more. */
  exitCode?: number;
};
