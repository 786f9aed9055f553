import type { ContainerResources } from '../../domain/container-runtime/container.ts';
import { RuntimeError } from '../../domain/container-runtime/runtime-error.ts';
import { type LibpodClient, path } from './libpod-client.ts';
import { updateToLibpod } from './to-libpod.ts';

/** Podman before 5.1 does not keep it: after a restart the limits are those of the creation. Only what runs can be updated there. */
export async function podmanUpdate(client: LibpodClient, id: string, resources: ContainerResources): Promise<void> {
  try {
    await client.post(path`/containers/${id}/update`, { body: updateToLibpod(resources), ignoreAnswer: true });
  } catch (error) {
    // The OCI runtime failed, and Podman says no more than that: a limit below what is in use is refused by the kernel.
    if (!(error instanceof RuntimeError) || error.code !== 'Internal') throw error;
    throw new RuntimeError('InvalidArgument', error.message, { cause: error });
  }
}
