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

export type NetworkStatus = { name: string; labels: Readonly<Record<string, string>>; subnet: string; bridge: string };

export type Networks = {
  /** AlreadyExists when there is one of that name, whatever its subnet; Conflict when the subnet overlaps another. */
  create(spec: NetworkSpec): Promise<void>;
  status(name: string): Promise<NetworkStatus | undefined>;
  /** Gone is success; Conflict while containers are attached. */
  remove(name: string): Promise<void>;
};
