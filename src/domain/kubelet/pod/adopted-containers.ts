import type { ContainerStatus } from '../../container-runtime/container.ts';
import type { PodSandboxStatus } from '../../container-runtime/pod-sandbox.ts';
import type { Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { adoptedBy } from '../../resources/adopted-pod.ts';
import { pods } from '../../resources/pod.ts';
import { label, specHash } from './pod-identity.ts';

/** By the engine's id: which pods own containers that somebody else made. */
export function adoptedContainers(registry: Registry): Map<string, { podUid: string; network: string }> {
  const owners = new Map<string, { podUid: string; network: string }>();
  for (const pod of registry.all(pods)) {
    const adopted = adoptedBy(pod);
    for (const { id } of Object.values(adopted?.containers ?? {})) {
      owners.set(id, { podUid: pod.metadata?.uid ?? '', network: adopted!.network });
    }
  }
  return owners;
}

export const adoptedIds = (pod: Pod): string[] => Object.values(adoptedBy(pod)?.containers ?? {}).map(({ id }) => id);

/** With the labels that it would have, had k2d made it. */
export function asOwn(pod: Pod, found: ContainerStatus): ContainerStatus {
  const [name, made] = Object.entries(adoptedBy(pod)?.containers ?? {}).find(([, { id }]) => id === found.id) ?? [];
  if (name === undefined || made === undefined) return found;
  return {
    ...found,
    labels: {
      [label.container]: name,
      [label.specHash]: specHash({ name, image: found.image }),
      [label.resources]: JSON.stringify(made.resources),
    },
  };
}

/** The network that adopted containers share, as long as one of them is there; it is lost with the container that it is of. */
export function adoptedSandbox(pod: Pod, containers: readonly ContainerStatus[]): PodSandboxStatus | undefined {
  const adopted = adoptedBy(pod);
  const oldest = adopted && containers.find(({ id }) => adoptedIds(pod).includes(id));
  if (!adopted || !oldest) return undefined;
  const { network } = adopted;
  const isLost = adoptedIds(pod).includes(network) && !containers.some(({ id }) => id === network);
  const state = isLost ? 'notready' : 'ready';
  return { id: network, name: oldest.name, labels: {}, state, createdAt: oldest.createdAt, addresses: [] };
}

/** Where adopted containers are reached: they keep the network that they were made in. */
export function adoptedAddress(pod: Pod, containers: readonly ContainerStatus[]): string | undefined {
  const ids = adoptedIds(pod);
  return containers.filter(({ id }) => ids.includes(id)).flatMap(({ addresses }) => addresses)[0]?.ip;
}
