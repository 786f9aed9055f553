import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

type Interfaces = ReturnType<typeof networkInterfaces>;

/**
 * The address by which others know this host: that of the interface with the default route, else the first that is not the
 * loopback's. A device without a network has only 127.0.0.1.
 */
export function hostAddress(routes: string, interfaces: Interfaces): string {
  const preferred = defaultInterface(routes);
  const names = [...(preferred === undefined ? [] : [preferred]), ...Object.keys(interfaces)];
  const addresses = names.flatMap((name) => interfaces[name] ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** Of all routes to 0.0.0.0/0 the one with the least metric (proc_net_route: interface, destination, …, metric, mask). */
function defaultInterface(routes: string): string | undefined {
  return routes
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
    .toSorted((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0];
}

/** Asked again each time, for addresses of devices change. */
export const currentHostAddress = (): string => hostAddress(readRoutes(), networkInterfaces());

function readRoutes(): string {
  try {
    return readFileSync('/proc/net/route', 'utf8');
  } catch {
    return '';
  }
}
