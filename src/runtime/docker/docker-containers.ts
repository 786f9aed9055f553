import type { ContainerSpec, Containers } from '../../domain/container-runtime/container.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { removeContainer, restartContainer, startContainer, stopContainer } from './container-lifecycle.ts';
import { createContainer } from './create-container.ts';
import { dockerAttach } from './docker-attach.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone } from './docker-error.ts';
import { dockerExec } from './docker-exec.ts';
import { dockerLogs } from './docker-logs.ts';
import { dockerStats } from './docker-stats.ts';
import { dockerUpdate } from './docker-update.ts';
import { isEngineName, wholeId } from './engine-name.ts';
import { containerStatus, containerSummary } from './from-docker.ts';
import { engineReference } from './image-reference.ts';
import { SHARED_PID_LABEL } from './labels.ts';
import type { JoinedSandbox } from './pod-namespaces.ts';
import { containerBody } from './to-docker.ts';

export function dockerContainers(engine: DockerEngine): Containers {
  const inspect = async (idOrName: string) => {
    if (!isEngineName(idOrName)) return undefined;
    const found = await orGone(
      engine.call((docker, abortSignal) => docker.getContainer(idOrName).inspect({ abortSignal })),
    );
    // Docker also takes the beginning of an id.
    return found && (found.Id === idOrName || found.Name === `/${idOrName}`) ? found : undefined;
  };

  /** The port's caller names the sandbox of a member; which of its namespaces there are to join, the sandbox knows. */
  const joinedSandbox = async ({ sandbox }: ContainerSpec): Promise<JoinedSandbox | undefined> => {
    if (sandbox.kind === 'own') return undefined;
    const id = sandbox.kind === 'member' ? sandbox.id : sandbox.of;
    const found = await inspect(id);
    if (!found) throw new RuntimeError('InvalidArgument', `sandbox ${id} does not exist`);
    const { PidMode: pidMode = '', IpcMode: ipcMode = '' } = found.HostConfig;
    const sharesAll =
      sandbox.kind === 'guest' ? sandbox.sharesProcesses : SHARED_PID_LABEL in (found.Config.Labels ?? {});
    const processesOf = (sandbox.kind === 'member' && sandbox.processesOf) || (sharesAll && found.Id);
    return { id: found.Id, ...(processesOf && { processesOf }), pidMode, ipcMode };
  };

  return {
    create: async (spec) => {
      const image = engineReference(spec.image);
      const attachments = spec.sandbox.kind === 'own' ? spec.sandbox.spec.attachments : [];
      const body = containerBody({ ...spec, image }, await joinedSandbox(spec));
      return createContainer(engine, spec.name, body, attachments);
    },
    start: (id) => startContainer(engine, id),
    stop: (id, graceSeconds) => stopContainer(engine, id, graceSeconds),
    restart: (id, graceSeconds) => restartContainer(engine, id, graceSeconds),
    remove: (id) => removeContainer(engine, id),
    list: async () => {
      const listed = await engine.call((docker, abortSignal) => docker.listContainers({ all: true, abortSignal }));
      return listed.map(containerSummary);
    },
    status: async (idOrName) => {
      const found = await inspect(idOrName);
      return found && containerStatus(found);
    },
    async *logs(id, options, signal) {
      const found = await inspect(wholeId(id));
      if (!found) throw new RuntimeError('NotFound', `container ${id} does not exist`);
      yield* dockerLogs(engine, { id, tty: found.Config.Tty }, options, signal);
    },
    exec: (id, spec, signal) => dockerExec(engine, id, spec, signal),
    attach: (id, options, signal) => dockerAttach(engine, id, options, signal),
    update: (id, resources) => dockerUpdate(engine, id, resources),
    stats: (ids) => dockerStats(engine, ids),
  };
}
