import type { ContainerRuntime } from '../../domain/container-runtime/container-runtime.ts';
import { runtimeInfo } from './from-libpod.ts';
import type { LibpodInfo } from './libpod-answers.ts';
import { libpodClient } from './libpod-client.ts';
import { libpodEvents } from './libpod-events.ts';
import { podmanContainers } from './podman-containers.ts';
import { podmanImages } from './podman-images.ts';
import { podmanNetworks } from './podman-networks.ts';
import { podmanSandboxes } from './podman-sandboxes.ts';
import { podmanVolumes } from './podman-volumes.ts';

export type PodmanRuntimeOptions = {
  /** Unix socket of `podman system service`. */
  socketPath: string;
  /** Image of relays, present on the engine, with busybox in its path. */
  sandboxImage: () => Promise<string> | string;
};

/** Podman 4.0 or newer, through its own API (libpod). */
export function podmanRuntime({ socketPath, sandboxImage }: PodmanRuntimeOptions): ContainerRuntime {
  const client = libpodClient(socketPath);
  return {
    sandboxes: podmanSandboxes(client, sandboxImage),
    containers: podmanContainers(client),
    images: podmanImages(client),
    volumes: podmanVolumes(client),
    networks: podmanNetworks(client),
    events: (signal, since) => libpodEvents(client, signal, since),
    info: async () => runtimeInfo(await client.get<LibpodInfo>('/info')),
  };
}
