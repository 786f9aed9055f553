import type { ContainerCreateOptions } from 'dockerode';
import type { NetworkAttachment } from '../../domain/container-runtime/pod-sandbox.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { removeContainer } from './container-lifecycle.ts';
import type { DockerEngine } from './docker-engine.ts';
import { orGone, toRuntimeError } from './docker-error.ts';
import type { CreateBody } from './to-docker.ts';

/** Id of the new container. AlreadyExists when the name is taken, NotFound when the image is missing. */
export async function createContainer(
  engine: DockerEngine,
  name: string,
  body: CreateBody,
  attachments: readonly NetworkAttachment[] = [],
): Promise<string> {
  await requireNetworks(engine, Object.keys(body.NetworkingConfig?.EndpointsConfig ?? {}));
  const id = await create(engine, name, body);
  try {
    for (const attachment of attachments) await attach(engine, id, attachment);
    return id;
  } catch (error) {
    await removeContainer(engine, id);
    throw error;
  }
}

/** Before the start, so that it never runs without; API versions before 1.44 take one network at creation. */
const attach = (engine: DockerEngine, id: string, { network, ip }: NetworkAttachment) =>
  engine.call((docker) =>
    docker
      .getNetwork(encodeURIComponent(network))
      .connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: ip } } }),
  );

async function create(engine: DockerEngine, name: string, body: CreateBody): Promise<string> {
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
