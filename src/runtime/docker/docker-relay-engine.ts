import { randomBytes } from 'node:crypto';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { RELAY_COMMAND, RELAY_LABEL, type RelayEngine } from '../wire/port-relays.ts';
import { removeContainer, startContainer } from './container-lifecycle.ts';
import { createContainer } from './create-container.ts';
import type { DockerEngine } from './docker-engine.ts';
import { dockerExec } from './docker-exec.ts';
import { wholeId } from './engine-name.ts';
import { relayBody } from './to-docker.ts';

export function dockerRelayEngine(engine: DockerEngine, image: () => Promise<string> | string): RelayEngine {
  return {
    networkOf: async (containerId) => {
      const id = wholeId(containerId);
      const { State } = await engine.call((docker, abortSignal) => docker.getContainer(id).inspect({ abortSignal }));
      if (!State.Running) throw new RuntimeError('Conflict', `container ${id} is not running`);
      return `${id}/${State.StartedAt}`;
    },
    join: async (containerId) => {
      const name = `relay-${randomBytes(6).toString('hex')}`;
      const id = await createContainer(engine, name, relayBody(containerId, await image(), RELAY_COMMAND, RELAY_LABEL));
      try {
        const input = await engine.hijack(`/containers/${id}/attach?stream=1&stdin=1`, undefined, AbortSignal.any([]));
        await startContainer(engine, id);
        return { id, input };
      } catch (error) {
        await removeContainer(engine, id);
        throw error;
      }
    },
    exec: (id, spec, signal) => dockerExec(engine, id, spec, signal),
  };
}
