import { metaOf } from '../meta/object-key.ts';
import { alreadyExists, stillExists } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { groupResource, type ResourceDefinition } from '../resources/resource-definition.ts';
import { withOwners, withReadableOwners } from './field-ownership.ts';
import { validateObjectMeta } from './object-meta-validation.ts';
import { refuse } from './refuse.ts';
import type { StoredObjects } from './stored-objects.ts';
import { admissionRequest, type Write, type WriteParts } from './write.ts';

/** Admits, completes, checks and stores an object that has its name (apiserver pkg/registry/generic/registry/store.go Create). */
export async function createObject<T extends KubernetesObject>(
  { stored, lister, admission, clock }: WriteParts,
  write: Write<T>,
  named: T,
): Promise<T> {
  const { definition, key, options } = write;
  const request = admissionRequest('CREATE', write);
  const owned = withOwners(definition, undefined, definition.default(named), options, clock);
  const mutated = withReadableOwners(await admission.mutate({ ...request, object: owned }, lister), owned);
  const prepared = definition.prepareForCreate(definition.default(mutated as T));
  await definition.ready?.();
  refuse(definition, prepared, [...validateObjectMeta(definition, prepared), ...definition.validate(prepared)]);
  await admission.validate({ ...request, object: prepared }, lister);
  definition.warnings(prepared).forEach((text) => options.warn?.(text));
  refuseTaken(definition, stored.table(definition).find(key));
  if (options.dryRun) return prepared;
  const created = await stored.commit(definition, 'ADDED', prepared, undefined);
  await evict(stored, definition);
  return created;
}

/** The last word, as in Kubernetes: what is wrong with a new object is told before that its name is taken. Throws 409. */
function refuseTaken(definition: Parameters<typeof groupResource>[0], present: KubernetesObject | undefined): void {
  if (!present) return;
  const { name = '', deletionTimestamp } = metaOf(present);
  throw (deletionTimestamp === undefined ? alreadyExists : stillExists)(groupResource(definition), name);
}

/** Oldest first, until no more than the kind allows are left. */
async function evict<T extends KubernetesObject>(
  stored: StoredObjects,
  definition: ResourceDefinition<T>,
): Promise<void> {
  const table = stored.table(definition);
  while (definition.maxObjects !== undefined && table.size > definition.maxObjects) {
    const oldest = table.oldest as T;
    await stored.commit(definition, 'DELETED', oldest, oldest);
  }
}
