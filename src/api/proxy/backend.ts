import { isIPv4 } from 'node:net';
import { badRequest } from '../../domain/meta/status-error.ts';

/** Where a request is passed on to. */
export type Backend = { protocol: 'http:' | 'https:'; host: string; port: number };

/** Throws 400 for addresses and ports that nobody may be led to: this machine's own loopback above all (apimachinery pkg/util/proxy IsProxyableIP). */
export function backend(protocol: Backend['protocol'], host: string, port: string | number): Backend {
  const number = Number(port);
  if (!isIPv4(host) || /^(0|127|169\.254|22[4-9]|23\d|24\d|25\d)\./.test(host)) throw badRequest('address not allowed');
  if (!/^\d{1,5}$/.test(String(port)) || number < 1 || number > 65_535) throw badRequest(`invalid port ${port}`);
  return { protocol, host, port: number };
}
