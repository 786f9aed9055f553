import type { ContainerRuntime } from '../../../src/domain/container-runtime/container-runtime.ts';

/** Removes what a case left: containers by name, sandboxes and volumes by label. Sandboxes first, for they take their members along. */
export async function cleanUp(
  runtime: ContainerRuntime,
  prefix: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  for (const sandbox of await runtime.sandboxes.list({})) {
    if (sandbox.name.startsWith(prefix)) await runtime.sandboxes.remove(sandbox.id);
  }
  for (const container of await runtime.containers.list()) {
    if (container.name.startsWith(prefix)) await runtime.containers.remove(container.id);
  }
  for (const volume of await runtime.volumes.list(labels)) await runtime.volumes.remove(volume.name);
}
