import { keyOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { pods } from '../../resources/pod.ts';

const TYPE = 'k2d.io/UpdateAllowed';

/** As the kubelet tells whether a pod lets itself be updated, and why. */
export async function tellUpdateAllowed(
  registry: Registry,
  pod: Pod,
  status: 'True' | 'False',
  message: string,
): Promise<void> {
  const told = (current: Pod): Pod => {
    const others = (current.status?.conditions ?? []).filter(({ type }) => type !== TYPE);
    return { ...current, status: { ...current.status, conditions: [...others, { type: TYPE, status, message }] } };
  };
  await registry.update(pods, keyOf(pod), told, { subresource: 'status' });
}
