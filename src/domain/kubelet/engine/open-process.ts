import type { ProcessStreams } from '../../container-runtime/process.ts';
import { RuntimeError } from '../../container-runtime/runtime-error.ts';
import { badRequest, internalError } from '../../meta/status-error.ts';
import type { Pod } from '../../meta/types.ts';

/** The engine's; `undefined` when it was never made. */
export function containerId(pod: Pod, container: string): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const statuses = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  return statuses.find(({ name }) => name === container)?.containerID?.split('://')[1];
}

/** `undefined` when the container does not run. What else the engine refuses is the client's to read. */
export async function openProcess<T>(
  pod: Pod,
  container: string,
  open: (id: string) => Promise<T>,
): Promise<T | undefined> {
  const id = containerId(pod, container);
  if (id === undefined) return undefined;
  try {
    return await open(id);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    if (error.code === 'NotFound' || error.code === 'Conflict') return undefined;
    throw error.code === 'InvalidArgument' ? badRequest(error.message) : internalError(error.message, error);
  }
}

/** A container's input ends with its first client only where it was made so (stdinOnce); else the next one goes on with it. */
export function withInputOf(pod: Pod, container: string, streams: ProcessStreams): ProcessStreams {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  const stdinOnce = all.find(({ name }) => name === container)?.stdinOnce ?? false;
  return stdinOnce ? streams : { ...streams, endInput: async () => undefined };
}
