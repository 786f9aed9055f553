import { expect, test } from 'vitest';
import { addressRange } from './address-range.ts';

test.each([
  ['10.42.128.0/17', '10.42.128.0', '10.42.255.255'],
  ['10.231.9.64/26', '10.231.9.64', '10.231.9.127'],
  ['192.168.1.77/24', '192.168.1.0', '192.168.1.255'],
  ['255.255.255.255/32', '255.255.255.255', '255.255.255.255'],
  ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
])('%s', (cidr, first, last) => {
  expect(addressRange(cidr)).toEqual({ first, last });
});

test.each(['', '10.0.0.0', '10.0.0.0/33', '10.0.0.256/8', 'fd00::/64', '10.0.0/24'])('"%s" is none', (cidr) => {
  expect(() => addressRange(cidr)).toThrow('is not an IPv4 range');
});
