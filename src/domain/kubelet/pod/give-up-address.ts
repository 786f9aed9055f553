import type { Pod } from '../../meta/types.ts';
import type { KubeletContext } from '../kubelet-context.ts';

/**
 * The engine will not start anything of the pod at its address: somebody else's container has it, or Podman lost sight of one that failed to
 * start. The next try is at another; `id` is a container that was made with this one and so can never start.
 */
export async function giveUpAddress(
  { addresses, runtime, index }: KubeletContext,
  pod: Pod,
  id?: string,
): Promise<void> {
  const uid = pod.metadata?.uid ?? '';
  addresses.giveUp(uid);
  if (id === undefined) return;
  await runtime.containers.remove(id);
  index.removeContainer(uid, id);
}
