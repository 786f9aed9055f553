/** Port 3: how connections to Services find their endpoints. Data in, nothing of Kubernetes' objects and nothing of the kernel. */
export type ServiceDataplane = {
  /** Makes the plan true, all at once or not at all; connections that exist go on. Throws when it cannot, and the old state stays. */
  apply(plan: ServicePlan, signal?: AbortSignal): Promise<void>;
  /** After a container has joined the pod network: lets it reach its own Services. */
  podStarted(): Promise<void>;
  /** Takes everything away that apply made, for good. Nothing there is success. */
  remove(): Promise<void>;
};

export type ServicePlan = { ports: readonly PlannedPort[] };

/** One port of one Service. All addresses are IPv4. */
export type PlannedPort = {
  /** For people: `namespace/service:port`. Unique together with the protocol. */
  name: string;
  protocol: 'tcp' | 'udp' | 'sctp';
  clusterIP: string;
  port: number;
  /** Open on every address of the host. */
  nodePort?: number;
  target: { kind: 'endpoints'; endpoints: readonly { ip: string; port: number }[] } | { kind: 'host'; port: number };
  /** A client stays with its endpoint for so long after its last connection. */
  affinitySeconds?: number;
  /** Endpoints see who connects to the node port, not the host (externalTrafficPolicy Local). */
  keepsClientAddress: boolean;
};
