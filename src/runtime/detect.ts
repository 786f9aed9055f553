import type { ContainerRuntime } from '../domain/container-runtime/container-runtime.ts';
import { findEngine, type FoundEngine, type WantedEngine } from './find-engine.ts';

/** The adapter for the engine that answers (see findEngine); the other one, and its client library, is never loaded into memory. */
export async function detectRuntime(
  options: WantedEngine & { sandboxImage: () => Promise<string> },
): Promise<FoundEngine & { runtime: ContainerRuntime }> {
  const { engine, socketPath } = await findEngine(options);
  switch (engine) {
    case 'docker': {
      const { dockerRuntime } = await import('./docker/docker-runtime.ts');
      return { engine, socketPath, runtime: dockerRuntime({ socketPath, sandboxImage: options.sandboxImage }) };
    }
    case 'podman': {
      const { podmanRuntime } = await import('./podman/podman-runtime.ts');
      return { engine, socketPath, runtime: podmanRuntime({ socketPath, sandboxImage: options.sandboxImage }) };
    }
  }
}
