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

/** Podman 4.0 or newer, through its own API (libpod) on the unix socket of `podman system service`. */
export function podmanRuntime({ socketPath }: { socketPath: string }): ContainerRuntime {
  const client = libpodClient(socketPath);
  return {
    sandboxes: podmanSandboxes(client),
    containers: podmanContainers(client),
    images: podmanImages(client),
    volumes: podmanVolumes(client),
    networks: podmanNetworks(client),
    events: (signal) => libpodEvents(client, signal),
    info: async () => runtimeInfo(await client.get<LibpodInfo>('/info')),
  };
}
