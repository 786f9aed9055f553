import type { Clock } from '../../meta/clock.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';
import { checkPreconditions } from '../../registry/before-delete.ts';
import type { Registry } from '../../registry/registry.ts';
import { disruptionTarget } from '../../resources/disruption-target.ts';
import { pods } from '../../resources/pod.ts';

/** Ends a pod that did nothing wrong, and says in its status why; this very pod: one that has its name by now is left alone. */
export async function disruptPod(
  { registry, clock }: { registry: Registry; clock: Clock },
  pod: Pod,
  why: { reason: string; message: string },
): Promise<void> {
  const preconditions = { uid: metaOf(pod).uid ?? '' };
  const mark = (current: Pod): Pod => {
    checkPreconditions(pods, current, preconditions);
    return disruptionTarget(current, why, clock.now());
  };
  try {
    await registry.update(pods, keyOf(pod), mark, { subresource: 'status' });
    await registry.delete(pods, keyOf(pod), { preconditions });
  } catch (error) {
    if (metaOf(registry.find(pods, keyOf(pod)) ?? {}).uid === metaOf(pod).uid) throw error;
  }
}
