import { describe, expect, it } from 'vitest';
import { addressAt, indexOf, ipv4Range } from './ipv4-range.ts';

describe('ipv4Range', () => {
  const range = ipv4Range('10.43.0.0/16');

  it.each([
    [0, '10.43.0.0'],
    [1, '10.43.0.1'],
    [256, '10.43.1.0'],
    [65_535, '10.43.255.255'],
  ])('numbers its addresses: %d is %s', (index, address) => {
    expect(addressAt(range, index)).toBe(address);
    expect(indexOf(range, address)).toBe(index);
  });

  it.each(['10.44.0.0', '10.42.255.255', '10.43.0.256', '10.43.0', 'None', '', '::1'])('does not hold %s', (address) =>
    expect(indexOf(range, address)).toBeUndefined(),
  );

  it('starts at the network address even when the text does not', () =>
    expect(addressAt(ipv4Range('192.168.7.9/24'), 1)).toBe('192.168.7.1'));
  it('reaches the upper half of the address space', () =>
    expect(addressAt(ipv4Range('240.0.0.0/4'), 2 ** 28 - 1)).toBe('255.255.255.255'));
  it.each(['10.43.0.0', '10.43.0.0/33', 'x/8', '300.0.0.0/8'])('refuses %s', (text) =>
    expect(() => ipv4Range(text)).toThrow(TypeError),
  );
  it.each([-1, 65_536, 0.5])('has no address %d', (index) => expect(() => addressAt(range, index)).toThrow(RangeError));
});
