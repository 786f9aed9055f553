import { metaOf } from '../../meta/object-key.ts';
import type { KubernetesObject, Pod } from '../../meta/types.ts';
import {
  updateAllowedOf,
  updateLockOf,
  updateWindowAnnotation,
  updateWindowOf,
} from '../../resources/update-permission.ts';

/** Why no pod of a former version may be stopped now. */
export type Postponement = { reason: 'UpdateWindowBlocked' | 'UpdateLockHeld'; message: string };

/** Undefined when the update may go on. `oldPods`: those of former versions that have not ended; without any there is nothing to protect. */
export function postponement(owner: KubernetesObject, oldPods: readonly Pod[]): Postponement | undefined {
  const window = updateWindowOf(owner);
  if (oldPods.length === 0 || window === 'open') return undefined;
  if (window === 'blocked') return { reason: 'UpdateWindowBlocked', message: blockedBy(`the ${owner.kind}`) };
  for (const pod of oldPods) {
    const why = refusalOf(pod);
    if (why !== undefined) return why;
  }
  return undefined;
}

const blockedBy = (whose: string) => `The annotation ${updateWindowAnnotation} of ${whose} postpones updates.`;

/** A lock that nobody has looked for yet counts as held; a pod without a node has never run. */
function refusalOf(pod: Pod): Postponement | undefined {
  const whose = `pod "${metaOf(pod).name}"`;
  if (updateWindowOf(pod) === 'blocked') return { reason: 'UpdateWindowBlocked', message: blockedBy(whose) };
  if (updateLockOf(pod) === undefined || !pod.spec?.nodeName) return undefined;
  const allowed = updateAllowedOf(pod);
  if (allowed?.status === 'True') return undefined;
  const why = allowed?.message ?? 'it is not known yet whether the lock is held';
  return { reason: 'UpdateLockHeld', message: `Pod "${metaOf(pod).name}" postpones updates: ${why}.` };
}
