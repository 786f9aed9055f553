import type { ContainerResources } from '../../domain/container-runtime/container.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import type { DockerEngine } from './docker-engine.ts';
import { toRuntimeError } from './docker-error.ts';
import { wholeId } from './engine-name.ts';
import { updateBody } from './to-docker.ts';

/** Docker remembers it for the next start too. */
export async function dockerUpdate(engine: DockerEngine, id: string, resources: ContainerResources): Promise<void> {
  try {
    await engine.call((docker, abortSignal) =>
      docker.getContainer(wholeId(id)).update({ ...updateBody(resources), abortSignal }),
    );
  } catch (cause) {
    const error = toRuntimeError(cause);
    // A limit below what is in use is refused by the kernel, which Docker answers with 500.
    throw error.code === 'Internal' ? new RuntimeError('InvalidArgument', error.message, { cause }) : error;
  }
}
