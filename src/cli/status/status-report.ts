/** What `k2d status -o json` prints. Amounts are bytes, times RFC 3339. */
export type StatusReport = {
  instance: string;
  api: { serves: boolean; ready: boolean; version: string; startedAt?: string; port: number };
  engine: { name: string; version: string; answers: boolean };
  dataPlane: { kind: 'nftables' | 'none'; loaded: boolean; services: number };
  /** By resource; those of which there are none are left out. */
  objects: Readonly<Record<string, number>>;
  pods: Readonly<Record<string, number>>;
  memory: { private?: number; resident?: number; hostAvailable: number; hostTotal: number };
  problems: readonly string[];
};
