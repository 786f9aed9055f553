import { safeEncode } from '../meta/random-name.ts';
import type { PodTemplateSpec } from '../meta/types.ts';

export const podTemplateHashLabel = 'pod-template-hash';

/** FNV-1a, 32 bits. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The same text for equal values, whatever order their keys were written in. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/**
 * Tells templates of one Deployment apart (kubernetes pkg/controller/controller_utils.go ComputeHash, which hashes Go's own dump of
 * the struct: the values differ, their form does not). Another collision count gives another hash.
 */
export const podTemplateHash = (template: PodTemplateSpec, collisionCount: number): string =>
  safeEncode(String(fnv1a(Buffer.from(canonical(template) + (collisionCount === 0 ? '' : String(collisionCount))))));
