import type { ContainerCreateOptions } from 'dockerode';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone, toRuntimeError } from './docker-error.ts';
import type { CreateBody } from './to-docker.ts';

/** Id of the new container. AlreadyExists when the name is taken, NotFound when the image is missing. */
export async function createContainer(engine: DockerEngine, name: string, body: CreateBody): Promise<string> {
  await requireNetworks(engine, Object.keys(body.NetworkingConfig?.EndpointsConfig ?? {}));
  try {
    // dockerode writes all options into the URL, where environment variables would be seen and cut, unless given both apart.
    const options = { _query: { name }, _body: body };
    const created = await engine.call((docker, abortSignal) =>
      docker.createContainer({ ...options, abortSignal } as ContainerCreateOptions),
    );
    return created.id;
  } catch (cause) {
    const error = toRuntimeError(cause);
    throw error.code === 'Conflict' ? new RuntimeError('AlreadyExists', error.message, { cause: error }) : error;
  }
}

/** Docker creates a container for a network that does not exist, and fails only when it starts. */
async function requireNetworks(engine: DockerEngine, networks: readonly string[]): Promise<void> {
  for (const network of networks) {
    const found = await orGone(engine.call((docker) => docker.getNetwork(encodeURIComponent(network)).inspect()));
    if (found?.Name !== network) throw new RuntimeError('InvalidArgument', `network ${network} does not exist`);
  }
}
