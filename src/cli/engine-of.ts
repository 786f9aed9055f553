import type { Config } from '../config.ts';
import type { ContainerRuntime } from '../domain/container-runtime/container-runtime.ts';

/** The engine that the server of these settings works with, for a command that makes no pods. */
export async function engineOf({ runtime: name, runtimeSocket: socketPath }: Config): Promise<ContainerRuntime> {
  const { detectRuntime } = await import('../runtime/detect.ts');
  const sandboxImage = () => Promise.reject(new Error('a command makes no pods'));
  const { runtime } = await detectRuntime({
    ...(name ? { runtime: name } : {}),
    ...(socketPath ? { socketPath } : {}),
    sandboxImage,
  });
  return runtime;
}
