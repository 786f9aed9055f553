/**
 * The hardware address that Docker gives a container of this address (libnetwork netutils GenerateMACFromIP). Podman rolls dice instead: then
 * neighbours, who remember the last holder of an address for a minute, do not reach the pod that got it next.
 */
export const macAddressOf = (ipv4: string): string =>
  ['02', '42', ...ipv4.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(':');
