import type { ContainerRuntime } from '../../domain/container-runtime/container-runtime.ts';
import { label } from '../../domain/kubelet/pod/pod-identity.ts';

/** k2d's own containers have its name; one that is being replaced is set aside under the other. */
const ownNames = (instance: string): readonly string[] => [instance, `${instance}-previous`];

/** Ends and removes what runs for pods of this instance, and answers how many containers that were. k2d's own container stays. */
export async function removeWorkloads({ sandboxes, containers }: ContainerRuntime, instance: string): Promise<number> {
  const labels = { [label.instance]: instance };
  const own = (await containers.list()).filter((container) => container.labels[label.instance] === instance);
  const workloads = own.filter(({ name }) => !ownNames(instance).includes(name));
  for (const { id } of await sandboxes.list(labels)) await sandboxes.remove(id);
  for (const { id } of workloads) await containers.remove(id);
  return workloads.length;
}
