import { addressAt, ipv4Range, type Ipv4Range } from '../meta/ipv4-range.ts';

/** How the pod range is shared between k2d, which gives pods addresses for life, and the engine, which serves all other containers. */
export type PodNetworkAddresses = {
  subnet: string;
  gateway: string;
  /** CIDR: the upper half, from which the engine serves who asks for no address of its own. */
  dynamicRange: string;
  /** The lower half, without the network's own address and the gateway. */
  pods: Ipv4Range;
};

/** Splits `10.42.0.0/16` into halves. Text that is no range throws. */
export function podNetworkAddresses(podCidr: string): PodNetworkAddresses {
  const range = ipv4Range(podCidr);
  const bits = 32 - Math.log2(range.size);
  const half = range.size / 2;
  return {
    subnet: `${addressAt(range, 0)}/${bits}`,
    gateway: addressAt(range, 1),
    dynamicRange: `${addressAt(range, half)}/${bits + 1}`,
    pods: { base: range.base + 2, size: half - 2 },
  };
}
