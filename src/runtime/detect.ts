import { request } from 'node:http';
import type { ContainerRuntime } from '../domain/container-runtime/container-runtime.ts';
import { RuntimeError } from '../domain/container-runtime/runtime-error.ts';

export type EngineName = 'docker' | 'podman';

export type DetectOptions = {
  /** Undefined: whichever answers. */
  runtime?: EngineName;
  /** Undefined: the usual places. */
  socketPath?: string;
  /** Image of pause containers, for engines that need them. */
  sandboxImage: () => Promise<string>;
};

export type DetectedRuntime = { runtime: ContainerRuntime; engine: EngineName; socketPath: string };

const usualPlaces: readonly { engine: EngineName; socketPath: string }[] = [
  { engine: 'docker', socketPath: '/var/run/docker.sock' },
  { engine: 'podman', socketPath: '/run/podman/podman.sock' },
];

const answerWithin = 5000;

/** Finds the one engine to work with; throws Unavailable when none answers. The only importer of the adapters, of which it loads one. */
export async function detectRuntime(options: DetectOptions): Promise<DetectedRuntime> {
  const places = usualPlaces
    .filter(({ engine }) => options.runtime === undefined || engine === options.runtime)
    .map((place) => options.socketPath ?? place.socketPath);
  for (const socketPath of new Set(places)) {
    const engine = await engineBehind(socketPath);
    if (engine === undefined || (options.runtime !== undefined && engine !== options.runtime)) continue;
    return { runtime: await load(engine, socketPath, options.sandboxImage), engine, socketPath };
  }
  throw new RuntimeError('Unavailable', `no ${options.runtime ?? 'engine'} answers at ${places.join(' or ')}`);
}

async function load(engine: EngineName, socketPath: string, sandboxImage: () => Promise<string>) {
  if (engine === 'podman') return (await import('./podman/podman-runtime.ts')).podmanRuntime({ socketPath });
  return (await import('./docker/docker-runtime.ts')).dockerRuntime({ socketPath, sandboxImage });
}

/** Podman answers Docker's API too, but only Podman names its own version in the answer to a ping (libpod `/_ping`, since 1.9). */
function engineBehind(socketPath: string): Promise<EngineName | undefined> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: answerWithin }, (response) => {
      response.resume();
      if (response.statusCode !== 200) resolve(undefined);
      else resolve(response.headers['libpod-api-version'] === undefined ? 'docker' : 'podman');
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(undefined));
    ping.end();
  });
}
