/** The addresses of one IPv4 network, numbered from its network address: 0 is the network's own, `size - 1` its broadcast address. */
export type Ipv4Range = { base: number; size: number };

const toNumber = (address: string): number | undefined => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

/** Reads `10.43.0.0/16`; throws on what the configuration should have refused. */
export function ipv4Range(cidr: string): Ipv4Range {
  const [address = '', bits = ''] = cidr.split('/');
  const number = toNumber(address);
  if (number === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) throw new TypeError(`not a range: ${cidr}`);
  const size = 2 ** (32 - Number(bits));
  return { base: number - (number % size), size };
}

export function addressAt({ base, size }: Ipv4Range, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError(`no address ${index} of ${size}`);
  return [24, 16, 8, 0].map((shift) => Math.floor((base + index) / 2 ** shift) % 256).join('.');
}

/** Inverse of addressAt; undefined when the address is outside. */
export function indexOf({ base, size }: Ipv4Range, address: string): number | undefined {
  const number = toNumber(address);
  return number !== undefined && number >= base && number < base + size ? number - base : undefined;
}

/** The lowest address that is not taken; undefined when all are. Looks at no more addresses than are taken, plus one. */
export function firstFree(range: Ipv4Range, taken: ReadonlySet<string>): string | undefined {
  for (let index = 0; index < range.size; index += 1) {
    const address = addressAt(range, index);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
