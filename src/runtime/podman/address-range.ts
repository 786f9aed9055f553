import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';

/** First and last IPv4 address of a range in CIDR notation. InvalidArgument when it is none. */
export function addressRange(cidr: string): { first: string; last: string } {
  const [, address = '', length = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d\d?)$/.exec(cidr) ?? [];
  const bytes = address.split('.').map(Number);
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255) || Number(length) > 32) {
    throw new RuntimeError('InvalidArgument', `${cidr} is not an IPv4 range`);
  }
  const size = 2 ** (32 - Number(length));
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const first = number - (number % size);
  return { first: dotted(first), last: dotted(first + size - 1) };
}

const dotted = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
