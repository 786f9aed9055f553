import { expect, test } from 'vitest';
import { macAddressOf } from './mac-address.ts';

test('an address has always the same hardware address, which is locally administered', () => {
  expect(macAddressOf('10.190.0.23')).toBe('02:42:0a:be:00:17');
  expect(macAddressOf('255.0.1.9')).toBe('02:42:ff:00:01:09');
});
