import { metaOf } from '../../meta/object-key.ts';
import type { Pod } from '../../meta/types.ts';

/** So many are kept for people to see what was refused. */
export const mostRefused = 10;

/**
 * Milliseconds until another pod may take the place of those that the node refused: as it refuses, its successors would be as many as memory
 * holds within moments. 1 s, doubled with each one (as kubernetes pkg/controller/daemon failedPodsBackoff does).
 */
export function pauseAfterRefusals(refused: readonly Pod[], now: Date): number {
  const newest = Math.max(...refused.map(createdAt));
  const pause = 1000 * 2 ** (Math.min(refused.length, mostRefused) - 1);
  return refused.length === 0 ? 0 : Math.max(0, newest + pause - now.getTime());
}

/** The oldest of those that are too many. */
export const surplusRefused = (refused: readonly Pod[]): Pod[] =>
  refused.toSorted((a, b) => createdAt(b) - createdAt(a)).slice(mostRefused);

const createdAt = (pod: Pod): number => Date.parse(metaOf(pod).creationTimestamp ?? '') || 0;
