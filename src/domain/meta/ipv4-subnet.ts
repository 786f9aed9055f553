import { addressAt, indexOf, ipv4Range, type Ipv4Range } from './ipv4-range.ts';

const anywhere: Ipv4Range = { base: 0, size: 2 ** 32 };

export const isIpv4 = (text: string): boolean => indexOf(anywhere, text) !== undefined;

/** An address together with the subnet that it is in. */
export type Ipv4Subnet = { address: string; range: Ipv4Range; bits: number };

/** Reads `192.168.7.20/24`; undefined for text that is none. */
export function ipv4Subnet(text: string): Ipv4Subnet | undefined {
  const [, address = '', bits = ''] = /^([\d.]{7,15})\/(\d\d?)$/.exec(text) ?? [];
  if (!isIpv4(address) || Number(bits) > 32) return undefined;
  return { address, range: ipv4Range(text), bits: Number(bits) };
}

/** `192.168.7.0/24` */
export const formatSubnet = ({ range, bits }: Pick<Ipv4Subnet, 'range' | 'bits'>): string =>
  `${addressAt(range, 0)}/${bits}`;
