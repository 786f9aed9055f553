import type { Containers, SandboxPlace } from '../../domain/container-runtime/container.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { containerStatus, containerSummary } from './from-libpod.ts';
import { type HostNamespaces, hostNamespacesOf, noHostNamespaces } from './host-namespaces.ts';
import type { LibpodContainer, LibpodContainerListing, LibpodPod } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { libpodError } from './libpod-error.ts';
import { isFullId } from './full-id.ts';
import { ownLimits } from './own-limits.ts';
import { podmanAttach } from './podman-attach.ts';
import { podmanExec } from './podman-exec.ts';
import { containerLogs } from './podman-logs.ts';
import { podmanStats } from './podman-stats.ts';
import { podmanUpdate } from './podman-update.ts';
import { stopContainer, stopMarginMs } from './stop-container.ts';
import { containerToLibpod } from './to-libpod.ts';

export function podmanContainers(client: LibpodClient): Containers {
  /** What those whose namespaces it joins have from the host. */
  const hostNamespacesAt = async (sandbox: SandboxPlace): Promise<HostNamespaces> => {
    if (sandbox.kind === 'own') return noHostNamespaces;
    if (sandbox.kind === 'member')
      return hostNamespacesOf((await client.get<LibpodPod>(path`/pods/${sandbox.id}/json`)).Labels ?? {});
    const { HostConfig } = await client.get<LibpodContainer>(path`/containers/${sandbox.of}/json`);
    return { hostPid: HostConfig.PidMode === 'host', hostIpc: HostConfig.IpcMode === 'host' };
  };

  return {
    async create(spec) {
      const host = await hostNamespacesAt(spec.sandbox);
      const others = spec.limits ? await ownLimits() : [];
      const body = containerToLibpod(spec, host, others);
      const { Id } = await client.post<{ Id: string }>('/containers/create', { body });
      return Id;
    },

    async start(id) {
      if (!isFullId(id)) throw noSuchContainer(id);
      await client.post(path`/containers/${id}/start`);
    },

    async stop(id, graceSeconds) {
      if (isFullId(id)) await stopContainer(client, id, graceSeconds);
    },

    async restart(id, graceSeconds) {
      if (!isFullId(id)) throw noSuchContainer(id);
      // Without `timeout` Podman kills at once, whatever the container's own stop timeout is.
      const options = { query: { timeout: graceSeconds }, timeoutMs: graceSeconds * 1000 + stopMarginMs };
      await client.post(path`/containers/${id}/restart`, options);
    },

    async remove(id) {
      if (!isFullId(id)) return;
      // Without `timeout` a forced removal waits for the container's own stop timeout; without `depend` one whose network others share stays.
      const query = { force: true, timeout: 0, v: true, depend: true };
      const reports = await client.delete<{ Err?: string | null }[]>(path`/containers/${id}`, { query });
      const failure = reports?.find(({ Err }) => Err)?.Err;
      if (failure) throw libpodError(500, failure);
    },

    async list() {
      const listed = await client.get<LibpodContainerListing[]>('/containers/json', { query: { all: true } });
      return listed.map(containerSummary);
    },

    async status(idOrName) {
      if (idOrName === '') return undefined;
      const found = await client.find<LibpodContainer>(path`/containers/${idOrName}/json`);
      // The engine also takes the beginning of an id.
      return found && (found.Id === idOrName || found.Name === idOrName)
        ? containerStatus(found, new Date())
        : undefined;
    },

    async *logs(id, options, signal) {
      if (!isFullId(id)) throw noSuchContainer(id);
      yield* containerLogs(client, id, options, signal);
    },

    async exec(id, spec, signal) {
      if (!isFullId(id)) throw noSuchContainer(id);
      return podmanExec(client, id, spec, signal);
    },

    async attach(id, options, signal) {
      if (!isFullId(id)) throw noSuchContainer(id);
      return podmanAttach(client, id, options, signal);
    },

    async update(id, resources) {
      if (!isFullId(id)) throw noSuchContainer(id);
      await podmanUpdate(client, id, resources);
    },

    stats: (ids) => podmanStats(client, ids),
  };
}

const noSuchContainer = (id: string) => new RuntimeError('NotFound', `no container with id ${id}`);
