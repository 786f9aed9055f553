import { networkInterfaces } from 'node:os';

/** Every address of the host, loopback and link-local too. */
export const hostAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));

/** IPv4 as IPv4, also where a socket that listens on both writes it as IPv6 (`::ffff:192.0.2.1`), and without an interface name. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
