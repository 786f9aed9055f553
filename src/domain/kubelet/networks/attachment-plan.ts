import { createHash } from 'node:crypto';
import type { SecondaryNetworkSpec } from '../../container-runtime/network.ts';
import { addressAt, indexOf, ipv4Range } from '../../meta/ipv4-range.ts';
import { formatSubnet, ipv4Subnet } from '../../meta/ipv4-subnet.ts';
import type { CniConfig } from '../../resources/cni-config.ts';
import type { NetworkSelection } from '../../resources/network-selection.ts';
import { label } from '../pod/pod-identity.ts';

/** By which the networks that pods joined are found again. */
export const secondaryNetworkLabels = (instance: string): Record<string, string> => ({
  [label.instance]: instance,
  'k2d.io/network': 'secondary',
});

/** One interface of a pod: in which network, and which addresses it can have there, the first free one in this order. */
export type AttachmentPlan = {
  network: SecondaryNetworkSpec;
  addresses: { base: number; size: number };
};

export type Refused = { kind: 'refused'; message: string };
export const refused = (message: string): Refused => ({ kind: 'refused', message });

/**
 * What a pod's wish and a definition come to. A network's name says all that it is: definitions that say the same share one, since Docker
 * takes a parent interface for one network only, and a definition that is changed has another.
 */
export function attachmentPlan(
  { ips }: NetworkSelection,
  { link, mtu, ipam }: CniConfig,
  instance: string,
): ({ kind: 'plan' } & AttachmentPlan) | Refused {
  const place = placeOf(ips, ipam);
  if ('kind' in place) return place;
  const { subnet, addresses } = place;
  const range = ipv4Range(subnet);
  const hostFirst = link.kind === 'bridge' && link.isGateway;
  const gateway = ipam.gateway ?? addressAt(range, hostFirst ? 1 : range.size - 2);
  const is = { subnet, gateway, ...(mtu === undefined ? {} : { mtu }), link };
  const hash = createHash('sha256').update(JSON.stringify(is)).digest('hex').slice(0, 8);
  const name = `${instance}-${link.kind === 'macvlan' ? link.parent : link.bridge}-${hash}`;
  return { kind: 'plan', network: { name, labels: secondaryNetworkLabels(instance), ...is }, addresses };
}

type Place = { subnet: string; addresses: AttachmentPlan['addresses'] };

function placeOf(ips: NetworkSelection['ips'], ipam: CniConfig['ipam']): Place | Refused {
  if (ips.length > 1) return refused('it asks for more than one address');
  const subnet = ipam.kind === 'range' ? ipam.subnet : ipam.address?.subnet;
  const [wanted] = ips;
  if (wanted !== undefined) return placeOfWanted(wanted, subnet);
  if (ipam.kind === 'range') {
    const { base } = ipv4Range(ipam.subnet);
    return { subnet: ipam.subnet, addresses: { base: base + ipam.first, size: ipam.last - ipam.first + 1 } };
  }
  if (ipam.address === undefined) return refused("neither its definition nor the pod's annotation says its address");
  return { subnet: ipam.address.subnet, addresses: oneAddress(ipam.address.ip) };
}

/** An address with a length has to agree with the definition, if that says one. */
function placeOfWanted(wanted: string, subnet: string | undefined): Place | Refused {
  const own = ipv4Subnet(wanted);
  const ownSubnet = own && formatSubnet(own);
  const given = subnet ?? ownSubnet;
  if (given === undefined) return refused(`${wanted} has no length of a subnet, and its definition says none`);
  const ip = own?.address ?? wanted;
  const index = indexOf(ipv4Range(given), ip);
  if (index === undefined || (ownSubnet !== undefined && ownSubnet !== given))
    return refused(`${wanted} is not in ${given}`);
  return { subnet: given, addresses: oneAddress(ip) };
}

const oneAddress = (ip: string) => ({ base: ipv4Range(`${ip}/32`).base, size: 1 });
