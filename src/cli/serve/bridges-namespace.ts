import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where `npm start` shows k2d's container the network namespaces of an engine without root. */
export const NAMESPACES = '/host/netns';

/**
 * The namespace that holds the bridges of all networks of an engine without root; undefined where it is not seen. Podman 4: `rootless-netns-` and a
 * hash of where it keeps its containers (libpod/networking_linux.go GetRootlessNetNs); Podman 5: `rootless-netns`.
 */
export async function bridgesNamespace(): Promise<string | undefined> {
  const names = await readdir(NAMESPACES).catch(() => []);
  const name = names.find((candidate) => candidate.startsWith('rootless-netns'));
  return name === undefined ? undefined : join(NAMESPACES, name);
}
