import Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';
import { findEngine, type FoundEngine } from '../../src/runtime/find-engine.ts';

/** An engine that answers. Podman speaks Docker's API as well as its own: enough to build one image and run one container. */
export interface Engine {
  readonly kind: FoundEngine['engine'];
  readonly socket: string;
  readonly client: Dockerode;
  /** Where it keeps images, on its host. */
  readonly dataRoot: string;
}

/** The engine that k2d itself would find with these settings. Throws a RuntimeError with the code Unavailable when there is none. */
export async function connectEngine({
  runtime,
  runtimeSocket,
}: Pick<Config, 'runtime' | 'runtimeSocket'>): Promise<Engine> {
  const found = await findEngine({
    ...(runtime && { runtime }),
    ...(runtimeSocket && { socketPath: runtimeSocket }),
  });
  const client = new Dockerode({ socketPath: found.socketPath });
  const { DockerRootDir: dataRoot } = (await client.info()) as { DockerRootDir: string };
  return { kind: found.engine, socket: found.socketPath, client, dataRoot };
}
