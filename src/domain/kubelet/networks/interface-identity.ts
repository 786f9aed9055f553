import type { NetworkSelection } from '../../resources/network-selection.ts';

export type InterfacePlace = {
  /** Counted from zero, among so many that the pod has beside its own. */
  index: number;
  of: number;
  /** The engine's capability of that name. */
  interfaceIdentity: boolean;
};

/**
 * What an interface is called and its hardware address, or why it cannot be so. Where the engine lets us choose, the address follows from the IP, so that
 * the neighbours' memory stays right over every restart (the prefix is that of CNI, containernetworking/plugins pkg/utils/hwaddr).
 */
export function interfaceOf(
  { interface: wanted, mac }: Pick<NetworkSelection, 'interface' | 'mac'>,
  ip: string,
  { index, of, interfaceIdentity }: InterfacePlace,
): { interface?: string; mac?: string } | string {
  if (interfaceIdentity) return { interface: wanted ?? `net${index + 1}`, mac: mac ?? macOf(ip) };
  if (mac !== undefined) return 'the engine chooses hardware addresses itself';
  // Docker numbers them in an order of its own, beginning with the pod network.
  const known = of === 1 ? 'eth1' : undefined;
  if (wanted !== undefined && wanted !== known) {
    return `the engine names interfaces itself${known === undefined ? '' : `; this one will be ${known}`}`;
  }
  return known === undefined ? {} : { interface: known };
}

const macOf = (ip: string): string =>
  ['0a', '58', ...ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');
