import { randomBytes } from 'node:crypto';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { RELAY_COMMAND, RELAY_LABEL, type RelayEngine } from '../wire/port-relays.ts';
import { isFullId } from './full-id.ts';
import type { LibpodContainer } from './libpod-answers.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { podmanExec } from './podman-exec.ts';
import { relayToLibpod } from './to-libpod.ts';

export function podmanRelayEngine(client: LibpodClient, image: () => Promise<string> | string): RelayEngine {
  const inspect = async (id: string): Promise<LibpodContainer> => {
    if (!isFullId(id)) throw new RuntimeError('NotFound', `no container with id ${id}`);
    return client.get<LibpodContainer>(path`/containers/${id}/json`);
  };

  return {
    networkOf: async (containerId) => {
      const { State } = await inspect(containerId);
      if (State.Status !== 'running' && State.Status !== 'paused')
        throw new RuntimeError('Conflict', `container ${containerId} is not running`);
      return `${containerId}/${State.StartedAt}`;
    },
    join: async (containerId) => {
      const { Pod: pod } = await inspect(containerId);
      const name = `relay-${randomBytes(6).toString('hex')}`;
      const place = pod ? { pod } : { of: containerId };
      const body = { ...relayToLibpod(name, place, await image(), RELAY_COMMAND), labels: { [RELAY_LABEL]: 'true' } };
      const { Id: id } = await client.post<{ Id: string }>('/containers/create', { body });
      try {
        const query = { stream: true, stdin: true };
        const input = await client.hijack(path`/containers/${id}/attach`, { query }, AbortSignal.any([]));
        await client.post(path`/containers/${id}/start`);
        return { id, input };
      } catch (error) {
        await client.delete(path`/containers/${id}`, { query: { force: true, timeout: 0 } });
        throw error;
      }
    },
    exec: (id, spec, signal) => podmanExec(client, id, spec, signal),
  };
}
