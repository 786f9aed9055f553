import Dockerode from 'dockerode';
import type { Config } from '../../src/config.ts';
import { findEngine, type FoundEngine } from '../../src/runtime/find-engine.ts';

/** An engine that answers. Podman speaks Docker's API as well as its own: enough to build one image and run one container. */
export interface Engine {
  readonly kind: FoundEngine['engine'];
  readonly socket: string;
  readonly client: Dockerode;
  /** It runs as an ordinary user: its containers have no way into the host's network, and no privilege there. */
  readonly rootless: boolean;
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
  const info = (await client.info()) as EngineInfo;
  const { Rootless: rootless = false, DockerRootDir: dataRoot } = info;
  return { kind: found.engine, socket: found.socketPath, client, rootless, dataRoot };
}

/** `Rootless` is Podman's own addition to Docker's answer (pkg/domain/entities/types). */
type EngineInfo = { readonly Rootless?: boolean; readonly DockerRootDir: string };
