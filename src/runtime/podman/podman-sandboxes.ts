import type { PodSandboxes, PodSandboxStatus } from '../../domain/container-runtime/pod-sandbox.ts';
import { PortRelays } from '../wire/port-relays.ts';
import { sandboxStatus } from './from-libpod.ts';
import { isFullId } from './full-id.ts';
import type { LibpodContainerListing, LibpodPod } from './libpod-answers.ts';
import { labelFilter, type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError } from './libpod-error.ts';
import { podmanRelayEngine } from './podman-relay-engine.ts';
import { stopContainer } from './stop-container.ts';
import { podToLibpod } from './to-libpod.ts';

/** A sandbox is a Podman pod: its infra container holds the namespaces. */
export function podmanSandboxes(client: LibpodClient, relayImage: () => Promise<string> | string): PodSandboxes {
  const relays = new PortRelays(podmanRelayEngine(client, relayImage));

  const statusOf = async (pod: LibpodPod, containers: readonly LibpodContainerListing[]): Promise<PodSandboxStatus> => {
    const infra = containers.find(isInfra);
    return sandboxStatus(pod, containers, infra && (await client.find(path`/containers/${infra.Id}/json`)));
  };

  const containersOf = (id: string): Promise<LibpodContainerListing[]> =>
    client.get('/containers/json', { query: { all: true, filters: JSON.stringify({ pod: [id] }) } });

  const remove = async (id: string): Promise<void> => {
    if (!isFullId(id)) return;
    // A forced removal gives every container its own time to stop, one after the other: end them first.
    await client.post(path`/pods/${id}/kill`, { query: { signal: 'SIGKILL' } }).catch(unlessNothingRuns);
    await client.delete(path`/pods/${id}`, { query: { force: true } });
  };

  /** A creation that fails for its network leaves a pod without an infra container. */
  const removeNamed = async (name: string): Promise<void> => {
    const pod = await client.find<LibpodPod>(path`/pods/${name}/json`);
    if (pod?.Name === name) await remove(pod.Id);
  };

  return {
    async run(spec) {
      try {
        const { Id } = await client.post<{ Id: string }>('/pods/create', { body: podToLibpod(spec) });
        await client.post(path`/pods/${Id}/start`);
        return Id;
      } catch (error) {
        if (!isRuntimeError(error, 'AlreadyExists')) await removeNamed(spec.name);
        throw error;
      }
    },

    async stop(id, graceSeconds) {
      if (!isFullId(id)) return;
      const containers = await containersOf(id);
      const [infra, members] = [containers.filter(isInfra), containers.filter((container) => !isInfra(container))];
      await Promise.all(members.map((member) => stopContainer(client, member.Id, graceSeconds)));
      await Promise.all(infra.map(({ Id }) => stopContainer(client, Id, 0)));
    },

    remove,

    async status(id) {
      const pod = isFullId(id) ? await client.find<LibpodPod>(path`/pods/${id}/json`) : undefined;
      return pod && statusOf(pod, await containersOf(id));
    },

    async list(labels) {
      const pods = await client.get<LibpodPod[]>('/pods/json', { query: labelFilter(labels) });
      const containers = await client.get<LibpodContainerListing[]>('/containers/json', { query: { all: true } });
      const found: PodSandboxStatus[] = [];
      for (const pod of pods) {
        const own = containers.filter(({ Pod }) => Pod === pod.Id);
        found.push(await statusOf(pod, own));
      }
      return found;
    },

    portForward: (containerId, port, signal) => relays.connect(containerId, port, signal),
  };
}

const isInfra = ({ IsInfra }: LibpodContainerListing): boolean => IsInfra === true;

function unlessNothingRuns(error: unknown): void {
  if (!isRuntimeError(error, 'NotFound', 'Conflict')) throw error;
}
