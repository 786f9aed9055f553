import { isIPv4, isIPv6 } from 'node:net';

/** An address as a number; `bits` is 32 or 128. */
export type Address = { readonly bits: 32 | 128; readonly value: bigint };

/** Undefined for zones and for IPv4 written as IPv6, which Kubernetes' library refuses as well. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: ofParts(text.split('.').map(Number), 8n) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const value = ofParts(groupsOf(text), 16n);
  return value >> 32n === 0xffffn ? undefined : { bits: 128, value };
}

const ofParts = (parts: readonly number[], size: bigint): bigint =>
  parts.reduce((sum, part) => (sum << size) | BigInt(part), 0n);

function groupsOf(text: string): number[] {
  const quad = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const [a = 0, b = 0, c = 0, d = 0] = (quad?.slice(1) ?? []).map(Number);
  const whole = quad
    ? `${text.slice(0, quad.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    : text;
  const [head = '', tail] = whole.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail ?? '')];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

/** The one way to write it (RFC 5952). */
export function formatAddress({ bits, value }: Address): string {
  const size = bits === 32 ? 8n : 16n;
  const count = bits === 32 ? 4 : 8;
  const parts = Array.from({ length: count }, (_, index) =>
    Number((value >> (size * BigInt(count - 1 - index))) & ((1n << size) - 1n)),
  );
  if (bits === 32) return parts.join('.');
  const text = parts.map((part) => part.toString(16)).join(':');
  const longest = (text.match(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g) ?? []).reduce(
    (best, run) => (run.length > best.length ? run : best),
    '',
  );
  if (longest === '') return text;
  const at = text.search(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
