import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import type { ContainerRuntime } from '../../domain/container-runtime/container-runtime.ts';
import type { Logger } from '../../domain/meta/logger.ts';
import { detectRuntime } from '../../runtime/detect.ts';

const longestPause = 30_000;

/** The engine, as soon as it answers: at boot it may come later than k2d, and ending would only make it restart k2d in a loop. */
export async function awaitRuntime(config: Config, logger: Logger, signal: AbortSignal): Promise<ContainerRuntime> {
  const { runtime: name, runtimeSocket: socketPath } = config;
  const known: { runtime?: ContainerRuntime } = {};
  const sandboxImage = async () => ownImage(config, known.runtime);
  for (let pause = 500; ; pause = Math.min(longestPause, pause * 2)) {
    try {
      const options = { ...(name ? { runtime: name } : {}), ...(socketPath ? { socketPath } : {}), sandboxImage };
      const found = await detectRuntime(options);
      known.runtime = found.runtime;
      logger.info({ engine: found.engine, socket: found.socketPath }, 'found the engine');
      return found.runtime;
    } catch (error) {
      logger.warn({ error }, 'no engine answers; will ask again');
      await sleep(pause, undefined, { signal });
    }
  }
}

/** Pause containers are made from k2d's own image: it is present wherever k2d runs, and holds the pause process. */
async function ownImage(config: Config, runtime: ContainerRuntime | undefined): Promise<string> {
  const own = await runtime?.containers.status(config.instance);
  const image = own?.imageId ?? process.env['K2D_SANDBOX_IMAGE'];
  if (image === undefined)
    throw new Error(`no container named ${config.instance}: set K2D_SANDBOX_IMAGE when k2d runs outside a container`);
  return image;
}
