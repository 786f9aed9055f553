import type { PodSandboxes, PodSandboxStatus } from '../../domain/container-runtime/pod-sandbox.ts';
import { sandboxStatus } from './from-libpod.ts';
import { isFullId } from './full-id.ts';
import type { LibpodContainer, LibpodPod } from './libpod-answers.ts';
import { labelFilter, type LibpodClient, path } from './libpod-client.ts';
import { isRuntimeError, libpodError } from './libpod-error.ts';
import { stopContainer } from './stop-container.ts';
import { podToLibpod } from './to-libpod.ts';

/** A sandbox is a Podman pod: its infra container holds the namespaces. */
export function podmanSandboxes(client: LibpodClient): PodSandboxes {
  const find = async (id: string): Promise<LibpodPod | undefined> =>
    isFullId(id) ? client.find<LibpodPod>(path`/pods/${id}/json`) : undefined;

  const status = async (id: string): Promise<PodSandboxStatus | undefined> => {
    const pod = await find(id);
    if (!pod) return undefined;
    const infra = pod.InfraContainerID ?? '';
    return sandboxStatus(
      pod,
      infra === '' ? undefined : await client.find<LibpodContainer>(path`/containers/${infra}/json`),
    );
  };

  const start = async (id: string): Promise<void> => {
    const { Errs } = await client.post<{ Errs: string[] | null }>(path`/pods/${id}/start`);
    if (Errs?.[0]) throw libpodError(500, Errs[0]);
  };

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
        await start(Id);
        return Id;
      } catch (error) {
        if (!isRuntimeError(error, 'AlreadyExists')) await removeNamed(spec.name);
        throw error;
      }
    },

    async stop(id, graceSeconds) {
      const pod = await find(id);
      if (!pod) return;
      const members = (pod.Containers ?? []).filter((container) => container.Id !== pod.InfraContainerID);
      await Promise.all(members.map((member) => stopContainer(client, member.Id, graceSeconds)));
      if (pod.InfraContainerID) await stopContainer(client, pod.InfraContainerID, 0);
    },

    remove,
    status,

    async list(labels) {
      const pods = await client.get<{ Id: string }[]>('/pods/json', { query: labelFilter(labels) });
      const found: PodSandboxStatus[] = [];
      for (const { Id } of pods) {
        const one = await status(Id);
        if (one) found.push(one);
      }
      return found;
    },
  };
}

function unlessNothingRuns(error: unknown): void {
  if (!isRuntimeError(error, 'NotFound', 'Conflict')) throw error;
}
