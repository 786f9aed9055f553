import { metaOf } from '../meta/object-key.ts';
import type { Pod } from '../meta/types.ts';
import { isPodReady, podReadySince } from './pod-lifecycle.ts';

const phaseRank: Partial<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const deletionCost = (pod: Pod): number => {
  const text = metaOf(pod).annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '';
  return /^-?(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
};

const restarts = ({ status }: Pod): number =>
  Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));

const byUid = (a: Pod, b: Pod): number => ((metaOf(a).uid ?? '') < (metaOf(b).uid ?? '') ? -1 : 1);

/** Ages that lie within the same power of two count as equal, so that the newest are not always the ones to go. */
const magnitude = (at: number, now: number): number => (now > at ? Math.floor(Math.log2((now - at) * 1e6)) : -1);

const byAge = (a: Pod, b: Pod, atA: number | undefined, atB: number | undefined, now: number): number => {
  if (atA === undefined || atB === undefined || atA === atB) return 0;
  return magnitude(atA, now) - magnitude(atB, now) || byUid(a, b);
};

const createdAt = (pod: Pod): number => Date.parse(metaOf(pod).creationTimestamp ?? '') || 0;

/**
 * Who is least missed goes first (kubernetes pkg/controller/controller_utils.go ActivePodsWithRanks). Kubernetes' rank by pods on
 * the same node is left out: there is one node.
 */
export const podDeletionOrder = (pods: readonly Pod[], now: Date): Pod[] =>
  pods.toSorted(
    (a, b) =>
      Number(Boolean(a.spec?.nodeName)) - Number(Boolean(b.spec?.nodeName)) ||
      (phaseRank[a.status?.phase ?? ''] ?? 0) - (phaseRank[b.status?.phase ?? ''] ?? 0) ||
      Number(isPodReady(a)) - Number(isPodReady(b)) ||
      deletionCost(a) - deletionCost(b) ||
      byAge(a, b, podReadySince(a), podReadySince(b), now.getTime()) ||
      restarts(b) - restarts(a) ||
      byAge(a, b, createdAt(a), createdAt(b), now.getTime()),
  );
