import { sameJson } from '../meta/deep-equal.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { beforeDelete, checkPreconditions, defaultPropagation, goesAtOnce } from './before-delete.ts';
import { admissionRequest, type Write, type WriteParts } from './write.ts';
import type { DeleteOptions, DeleteResult } from './write-options.ts';

/** Removes an object, or marks it where something holds it (apiserver pkg/registry/generic/registry/store.go Delete). */
export async function deleteObject<T extends KubernetesObject>(
  { stored, lister, admission, clock }: WriteParts,
  write: Write<T, DeleteOptions>,
  current: T,
): Promise<DeleteResult<T>> {
  const { definition, options } = write;
  checkPreconditions(definition, current, options.preconditions);
  await admission.validate({ ...admissionRequest('DELETE', write), oldObject: current }, lister);
  const grace = definition.deletionGrace(current, options.gracePeriodSeconds);
  const policy = options.propagationPolicy ?? defaultPropagation(definition, current);
  const marked = beforeDelete(definition, current, grace, policy, clock.now());
  const next = definition.default(definition.prepareForDelete(marked, current));
  const removed = goesAtOnce(definition, next);
  if (options.dryRun) return { object: next, removed };
  if (removed) return { object: await stored.commit(definition, 'DELETED', next, current), removed };
  if (sameJson(next, current)) return { object: current, removed };
  return { object: await stored.commit(definition, 'MODIFIED', next, current), removed };
}
