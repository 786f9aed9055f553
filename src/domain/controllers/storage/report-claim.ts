import { sameJson } from '../../meta/deep-equal.ts';
import { keyOf, metaOf } from '../../meta/object-key.ts';
import { ignore, isNotFound } from '../../meta/status-error.ts';
import type { PersistentVolumeClaim } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { persistentVolumeClaims } from '../../resources/persistent-volume-claim.ts';

/** Writes what has changed of the status of a claim, unless it is gone, or another has its name. */
export async function reportClaim(
  registry: Registry,
  reported: PersistentVolumeClaim,
  status: NonNullable<PersistentVolumeClaim['status']>,
): Promise<void> {
  const withStatus = (claim: PersistentVolumeClaim): PersistentVolumeClaim => {
    const next = { ...claim.status, ...status };
    const isSame = metaOf(claim).uid === metaOf(reported).uid;
    return !isSame || sameJson(next, claim.status) ? claim : { ...claim, status: next };
  };
  await registry
    .update(persistentVolumeClaims, keyOf(reported), withStatus, { subresource: 'status' })
    .catch(ignore(isNotFound));
}
