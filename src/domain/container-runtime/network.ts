export type NetworkSpec = {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** IPv4 in CIDR notation. */
  subnet: string;
  gateway: string;
  /** CIDR inside the subnet from which the engine may serve containers that ask for no address of their own. */
  dynamicRange: string;
  /** Name of the bridge on the host, at most 15 characters. */
  bridge: string;
};

/**
 * A network around the machine that pods join beside their own, through a link of the host. Nothing is routed or translated by the engine,
 * and no default route leads there.
 */
export type SecondaryNetworkSpec = {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** IPv4 in CIDR notation. */
  subnet: string;
  /** An address of the subnet that no container gets. */
  gateway: string;
  /** Bytes; undefined is the link's own. */
  mtu?: number;
  link: NetworkLink;
};

export type NetworkLink =
  /** Each container has an interface of its own on the same wire as `parent`. */
  | { kind: 'macvlan'; parent: string; mode: 'bridge' | 'private' | 'vepa' | 'passthru' }
  /** A bridge of the host, made if there is none of that name. With `isGateway` the host itself has the gateway's address on it. */
  | { kind: 'bridge'; bridge: string; isGateway: boolean };

/** `bridge` is empty for networks that have none. */
export type NetworkStatus = { name: string; labels: Readonly<Record<string, string>>; subnet: string; bridge: string };

export type Networks = {
  /** AlreadyExists when there is one of that name, whatever its subnet; Conflict when the subnet overlaps another. */
  create(spec: NetworkSpec): Promise<void>;
  /** AlreadyExists as above; InvalidArgument, Conflict or Internal with the engine's words when the link cannot be used. */
  createSecondary(spec: SecondaryNetworkSpec): Promise<void>;
  status(name: string): Promise<NetworkStatus | undefined>;
  /** Those which carry all the given labels. */
  list(labels: Readonly<Record<string, string>>): Promise<NetworkStatus[]>;
  /** Gone is success; Conflict while containers are attached. */
  remove(name: string): Promise<void>;
};
