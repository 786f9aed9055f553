import type { PodSandboxes } from '../../domain/container-runtime/pod-sandbox.ts';
import { removeContainer, startContainer, stopContainer } from './container-lifecycle.ts';
import { PortRelays } from '../wire/port-relays.ts';
import { createContainer } from './create-container.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { dockerRelayEngine } from './docker-relay-engine.ts';
import { wholeId } from './engine-name.ts';
import { containerSummary, sandboxStatus } from './from-docker.ts';
import { labelFilter, SANDBOX_LABEL } from './labels.ts';
import { pauseBody } from './to-docker.ts';

/** A sandbox is a pause container; its members are the containers that join its network namespace. */
export function dockerSandboxes(engine: DockerEngine, sandboxImage: () => Promise<string> | string): PodSandboxes {
  const relays = new PortRelays(dockerRelayEngine(engine, sandboxImage));

  const status = async (id: string) => {
    const inspect = async () =>
      engine.call((docker, abortSignal) => docker.getContainer(wholeId(id)).inspect({ abortSignal }));
    const found = await orGone(inspect());
    return found && sandboxStatus(found);
  };

  const memberIds = async (id: string): Promise<string[]> => {
    const listed = await engine.call((docker, abortSignal) => docker.listContainers({ all: true, abortSignal }));
    return listed
      .map(containerSummary)
      .filter(({ sandboxId }) => sandboxId === id)
      .map((member) => member.id);
  };

  return {
    run: async (spec) => {
      const id = await createContainer(engine, spec.name, pauseBody(spec, await sandboxImage()), spec.attachments);
      try {
        await startContainer(engine, id);
      } catch (error) {
        await removeContainer(engine, id);
        throw error;
      }
      return id;
    },
    stop: async (id, graceSeconds) => {
      const members = await memberIds(id);
      await Promise.all(members.map((member) => stopContainer(engine, member, graceSeconds)));
      await stopContainer(engine, id, graceSeconds);
    },
    remove: async (id) => {
      const members = await memberIds(id);
      await Promise.all(members.map((member) => removeContainer(engine, member)));
      await removeContainer(engine, id);
    },
    status,
    list: async (labels) => {
      const filters = { label: [SANDBOX_LABEL, ...labelFilter(labels)] };
      const listed = await engine.call((docker, abortSignal) =>
        docker.listContainers({ all: true, filters, abortSignal }),
      );
      const found = await Promise.all(listed.map(({ Id }) => status(Id)));
      return found.filter((sandbox) => sandbox !== undefined);
    },
    portForward: (containerId, port, signal) => relays.connect(containerId, port, signal),
  };
}
