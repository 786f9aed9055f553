import { isIPv4, isIPv6 } from 'node:net';
import { invalidValue, type FieldError } from '../meta/field-error.ts';
import { addressAt, indexOf, ipv4Range, type Ipv4Range } from '../meta/ipv4-range.ts';
import { headless, needsClusterIp, type ServiceSpec } from '../resources/service-spec.ts';
import type { Allocation } from './allocation.ts';
import { freeNumber } from './free-number.ts';

/** kubernetes pkg/registry/core/service/ipallocator/ipallocator.go calculateRangeOffset */
const lowerBand = (size: number): number => Math.min(Math.max(16, Math.floor(size / 16)), 256);

/** Keeps, checks or chooses the address; what is no address at all is left to validation. */
export function allocateClusterIp(
  spec: ServiceSpec,
  before: ServiceSpec | undefined,
  others: readonly ServiceSpec[],
  serviceCidr: string,
  random: () => number,
): Allocation {
  if (!needsClusterIp(spec)) return { spec, errors: [] };
  const families = familyErrors(spec);
  const clusterIP = spec.clusterIP || spec.clusterIPs?.[0];
  if (families.length > 0) return { spec, errors: families };
  // An address that was set before is right, or wrong for validation to say.
  if (clusterIP === headless || (clusterIP && before?.clusterIP)) return kept(spec, clusterIP);
  const range = ipv4Range(serviceCidr);
  const taken = takenIndexes(others, range);
  if (!clusterIP) return chosen(spec, range, taken, random);
  const why = isIPv4(clusterIP) ? refusal(clusterIP, serviceCidr, range, taken) : undefined;
  if (why === undefined) return kept(spec, clusterIP);
  return { spec, errors: [invalidValue('spec.clusterIPs', [clusterIP], `failed to allocate IP ${clusterIP}: ${why}`)] };
}

const takenIndexes = (others: readonly ServiceSpec[], range: Ipv4Range): Set<number> =>
  new Set(others.flatMap(({ clusterIP }) => indexOf(range, clusterIP ?? '') ?? []));

const kept = (spec: ServiceSpec, clusterIP: string): Allocation => ({
  spec: {
    ...spec,
    clusterIP,
    clusterIPs: spec.clusterIPs?.length ? spec.clusterIPs : [clusterIP],
    ipFamilies: spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4'],
    ipFamilyPolicy: spec.ipFamilyPolicy || 'SingleStack',
  },
  errors: [],
});

/** The network's own address, the API's and the broadcast address are nobody's to choose by chance. */
function chosen(spec: ServiceSpec, range: Ipv4Range, taken: ReadonlySet<number>, random: () => number): Allocation {
  const index = freeNumber({ first: 2, last: range.size - 2 }, lowerBand(range.size), taken, random);
  if (index !== undefined) return kept(spec, addressAt(range, index));
  return {
    spec,
    errors: [invalidValue('spec.clusterIPs', [], 'failed to allocate a serviceIP: range is full')],
  };
}

function refusal(
  clusterIP: string,
  serviceCidr: string,
  range: Ipv4Range,
  taken: ReadonlySet<number>,
): string | undefined {
  const index = indexOf(range, clusterIP);
  if (index === undefined || index === 0 || index === range.size - 1) {
    return `the provided IP (${clusterIP}) is not in the valid range. The range of valid IPs is ${serviceCidr}`;
  }
  return taken.has(index) ? 'provided IP is already allocated' : undefined;
}

/** alloc.go initIPFamilyFields on a cluster with IPv4 only. */
function familyErrors(spec: ServiceSpec): FieldError[] {
  const families = spec.ipFamilies ?? [];
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    return [
      invalidValue('spec.ipFamilyPolicy', 'RequireDualStack', 'this cluster is not configured for dual-stack services'),
    ];
  }
  const fromAddress = families.length === 0 && isIPv6(spec.clusterIP ?? '') ? ['IPv6'] : families;
  return fromAddress.flatMap((family, index) =>
    family === 'IPv6' ? [invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')] : [],
  );
}
