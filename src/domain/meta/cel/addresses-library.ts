import { formatAddress, parseAddress, type Address } from './address.ts';
import { EvaluationError } from './cel-error.ts';
import { declare, type Declaration } from './function-table.ts';
import { Opaque, type Value } from './value.ts';

type Network = { readonly address: Address; readonly length: number };
type Ip = Opaque<Address>;
type Cidr = Opaque<Network>;

const ipValue = (address: Address): Ip => new Opaque('net.IP', address, formatAddress(address));
const cidrValue = (network: Network): Cidr =>
  new Opaque('net.CIDR', network, `${formatAddress(network.address)}/${network.length}`);

function toIp(text: string): Ip {
  const address = parseAddress(text);
  if (!address)
    throw new EvaluationError(
      `IP Address ${JSON.stringify(text.slice(0, 100))} parse error during conversion from string`,
    );
  return ipValue(address);
}

function parseCidr(text: string): Network | undefined {
  const [, host = '', length = ''] = /^([^/]{1,50})\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(host);
  return address && Number(length) <= address.bits ? { address, length: Number(length) } : undefined;
}

function toCidr(text: string): Cidr {
  const network = parseCidr(text);
  if (!network)
    throw new EvaluationError(
      `network address parse error during conversion from string: ${JSON.stringify(text.slice(0, 100))}`,
    );
  return cidrValue(network);
}

const prefix = ({ bits, value }: Address, length: number): bigint => value >> BigInt(bits - length);

const containsAddress = ({ address, length }: Network, other: Address): boolean =>
  address.bits === other.bits && prefix(address, length) === prefix(other, length);

const containsNetwork = (network: Network, other: Network): boolean =>
  containsAddress(network, other.address) && network.length <= other.length;

function masked({ address, length }: Network): Network {
  const rest = BigInt(address.bits - length);
  return { address: { bits: address.bits, value: (address.value >> rest) << rest }, length };
}

/** Prefixes by which Go's net/netip tells what an address is for. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  isUnspecified: ['0.0.0.0/32', '::/128'],
  isLoopback: ['127.0.0.0/8', '::1/128'],
  isLinkLocalMulticast: ['224.0.0.0/24', 'ff02::/16'],
  isLinkLocalUnicast: ['169.254.0.0/16', 'fe80::/10'],
};
const neverGlobal = [
  '0.0.0.0/32',
  '255.255.255.255/32',
  '::/128',
  '127.0.0.0/8',
  '::1/128',
  '224.0.0.0/4',
  'ff00::/8',
  '169.254.0.0/16',
  'fe80::/10',
];

const isOneOf = (prefixes: readonly string[], address: Address): boolean =>
  prefixes.some((text) => containsAddress(parseCidr(text)!, address));

/** apiserver pkg/cel/library/ip.go and cidr.go */
export const addressesLibrary = (): readonly Declaration[] => [
  declare('ip(string): net.IP', toIp),
  declare('isIP(string): bool', (text: string) => parseAddress(text) !== undefined),
  declare('ip.isCanonical(string): bool', (text: string) => toIp(text).identity === text),
  declare('net.IP -> family(): int', ({ content }: Ip) => (content.bits === 32 ? 4n : 6n)),
  ...Object.entries(kinds).map(([name, prefixes]) =>
    declare(`net.IP -> ${name}(): bool`, ({ content }: Ip) => isOneOf(prefixes, content)),
  ),
  declare('net.IP -> isGlobalUnicast(): bool', ({ content }: Ip) => !isOneOf(neverGlobal, content)),
  declare('cidr(string): net.CIDR', toCidr),
  declare('isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined),
  declare('net.CIDR -> containsIP(string): bool', ({ content }: Cidr, text: string) =>
    containsAddress(content, toIp(text).content),
  ),
  declare('net.CIDR -> containsIP(net.IP): bool', ({ content }: Cidr, ip: Ip) => containsAddress(content, ip.content)),
  declare('net.CIDR -> containsCIDR(string): bool', ({ content }: Cidr, text: string) =>
    containsNetwork(content, toCidr(text).content),
  ),
  declare('net.CIDR -> containsCIDR(net.CIDR): bool', ({ content }: Cidr, other: Cidr) =>
    containsNetwork(content, other.content),
  ),
  declare('net.CIDR -> ip(): net.IP', ({ content }: Cidr): Value => ipValue(content.address)),
  declare('net.CIDR -> masked(): net.CIDR', ({ content }: Cidr): Value => cidrValue(masked(content))),
  declare('net.CIDR -> prefixLength(): int', ({ content }: Cidr) => BigInt(content.length)),
];
