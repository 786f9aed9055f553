import { indexOf } from '../meta/ipv4-range.ts';
import { formatSubnet, isIpv4, ipv4Subnet } from '../meta/ipv4-subnet.ts';
import { cniMalformed, cniUnsupported, isCniObject, type CniObject, type CniProblem } from './cni-problem.ts';

/** Where an interface's address comes from. */
export type CniIpam =
  /** Undefined: the pod has to say which. */
  | { kind: 'static'; address?: { ip: string; subnet: string }; gateway?: string }
  /** Any from `first` to `last`, as numbers in the subnet. */
  | { kind: 'range'; subnet: string; first: number; last: number; gateway?: string };

type Answer = { kind: 'ipam'; ipam: CniIpam } | CniProblem;

/** The part `ipam` of a configuration (containernetworking/plugins ipam static and host-local), as far as it concerns IPv4. */
export function cniIpam(ipam: unknown): Answer {
  if (ipam === undefined) return cniUnsupported('a network without addresses: ipam is missing');
  if (!isCniObject(ipam)) return cniMalformed('ipam is no object');
  if (Array.isArray(ipam['routes']) && ipam['routes'].length > 0) return cniUnsupported('ipam.routes');
  switch (ipam['type']) {
    case 'static':
      return staticIpam(ipam);
    case 'host-local':
      return hostLocal(ipam);
    default:
      return cniUnsupported(`ipam.type ${JSON.stringify(ipam['type'] ?? '')}; it can be static or host-local`);
  }
}

function staticIpam({ addresses = [] }: CniObject): Answer {
  if (!Array.isArray(addresses) || !addresses.every(isCniObject)) return cniMalformed('ipam.addresses is no list');
  if (addresses.length > 1) return cniUnsupported('more than one address for an interface');
  const [only] = addresses;
  if (only === undefined) return { kind: 'ipam', ipam: { kind: 'static' } };
  const { address, gateway } = only;
  const read = typeof address === 'string' ? ipv4Subnet(address) : undefined;
  if (read === undefined)
    return cniMalformed(`${JSON.stringify(address)} is no IPv4 address with the length of its subnet`);
  const subnet = formatSubnet(read);
  const problem = subnetProblem(subnet) ?? gatewayProblem(gateway, subnet);
  if (problem) return problem;
  const fixed = { ip: read.address, subnet };
  return { kind: 'ipam', ipam: { kind: 'static', address: fixed, ...gatewayOf(gateway) } };
}

/** One range; in either of the two writings. */
function hostLocal(ipam: CniObject): Answer {
  const { ranges = [[ipam]] } = ipam;
  if (!Array.isArray(ranges) || !ranges.every((set) => Array.isArray(set) && set.every(isCniObject)))
    return cniMalformed('ipam.ranges is no list of lists');
  const flat = ranges.flat() as CniObject[];
  if (flat.length > 1) return cniUnsupported('more than one range of addresses');
  const { subnet: cidr, rangeStart, rangeEnd, gateway } = flat[0] ?? {};
  const read = typeof cidr === 'string' ? ipv4Subnet(cidr) : undefined;
  if (read === undefined) return cniMalformed(`${JSON.stringify(cidr ?? '')} is no IPv4 subnet`);
  const subnet = formatSubnet(read);
  const problem = subnetProblem(subnet) ?? gatewayProblem(gateway, subnet);
  if (problem) return problem;
  const place = (address: unknown, otherwise: number) =>
    address === undefined ? otherwise : typeof address === 'string' ? indexOf(read.range, address) : undefined;
  const [first, last] = [place(rangeStart, 1), place(rangeEnd, read.range.size - 2)];
  if (first === undefined || last === undefined || first > last || first < 1 || last > read.range.size - 2)
    return cniMalformed(`rangeStart and rangeEnd are no range of ${subnet}`);
  return { kind: 'ipam', ipam: { kind: 'range', subnet, first, last, ...gatewayOf(gateway) } };
}

/** There has to be room for the addresses of the network itself, of a gateway and of a pod. */
function subnetProblem(subnet: string): CniProblem | undefined {
  const { bits } = ipv4Subnet(subnet)!;
  return bits >= 8 && bits <= 30 ? undefined : cniUnsupported(`the subnet ${subnet}; its length can be 8 to 30`);
}

function gatewayProblem(gateway: unknown, subnet: string): CniProblem | undefined {
  if (gateway === undefined) return undefined;
  if (typeof gateway !== 'string' || !isIpv4(gateway))
    return cniMalformed(`gateway: ${JSON.stringify(gateway)} is no IPv4 address`);
  const index = indexOf(ipv4Subnet(subnet)!.range, gateway);
  return index === undefined ? cniMalformed(`the gateway ${gateway} is not in ${subnet}`) : undefined;
}

const gatewayOf = (gateway: unknown): { gateway?: string } => (typeof gateway === 'string' ? { gateway } : {});
