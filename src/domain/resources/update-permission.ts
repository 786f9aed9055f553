import { metaOf } from '../meta/object-key.ts';
import type { KubernetesObject, Pod, PodCondition } from '../meta/types.ts';

/**
 * On a Deployment, StatefulSet, DaemonSet or on a pod: `blocked` postpones updates, `open` lets them pass. On the owner `open` outweighs what its pods
 * say. What is neither is taken for `blocked`: better an update too late than a machine that stops in the middle of its work.
 */
export const updateWindowAnnotation = 'k2d.io/update-window';

/** On a pod, by its template: the path, as a container sees it, of a file at the top of a mounted volume. While it exists, updates wait. */
const updateLockAnnotation = 'k2d.io/update-lock';

/** What the kubelet says of a pod that has an update lock. */
export const updateAllowedCondition = 'k2d.io/UpdateAllowed';

export type UpdateWindow = 'open' | 'blocked' | undefined;

export function updateWindowOf(object: KubernetesObject): UpdateWindow {
  const value = metaOf(object).annotations?.[updateWindowAnnotation];
  return value === undefined || value === 'open' ? value : 'blocked';
}

export const updateLockOf = (pod: Pod): string | undefined => metaOf(pod).annotations?.[updateLockAnnotation];

export const updateAllowedOf = ({ status }: Pod): PodCondition | undefined =>
  status?.conditions?.find(({ type }) => type === updateAllowedCondition);

/** What its author should know although the object is accepted. */
export function updateWindowWarnings(object: KubernetesObject): string[] {
  const value = metaOf(object).annotations?.[updateWindowAnnotation];
  return value === undefined || value === 'open' || value === 'blocked'
    ? []
    : [`metadata.annotations[${updateWindowAnnotation}]: "${value}" blocks updates; use "open" or "blocked"`];
}
