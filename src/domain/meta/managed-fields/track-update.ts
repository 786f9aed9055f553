import type { JsonObject } from '../patch/json-value.ts';
import { metaOf } from '../object-key.ts';
import type { KubernetesObject } from '../types.ts';
import { cappedUpdaters } from './capped-updaters.ts';
import { compareFields, type Comparison } from './compare-fields.ts';
import { isEmpty, union } from './field-set.ts';
import { handOver, servedOwners, typedOwners, withoutManagedFields } from './hand-over.ts';
import { ListElementError } from './list-elements.ts';
import { ownerId, readOwners, storedOwners, writeOwners, type ManagedFieldsEntry, type Owners } from './owners.ts';
import { ownerOf, withoutServerFields, type Writer } from './writer.ts';

/**
 * The managedFields of an object after a create, update or patch; `before` is undefined for a create. Whoever changes a field owns it
 * from then on, and nobody else does. An object that nobody owns anything of stays so until something is applied to it
 * (apimachinery pkg/util/managedfields/internal, Update). Undefined when there are none.
 */
export function trackUpdate<T extends KubernetesObject>(
  before: T | undefined,
  after: T,
  writer: Writer,
): readonly ManagedFieldsEntry[] | undefined {
  const standing = before === undefined ? undefined : metaOf(before).managedFields;
  const owners = servedOwners(ownersToKeep(standing, after, writer), writer);
  if (before !== undefined && owners.size === 0) return undefined;
  const next = ownersAfterUpdate(before, after, owners, writer);
  if (next === undefined || next.size === 0) return undefined;
  return standing?.length === next.size && isSame(next, standing) ? standing : writeOwners(next);
}

const isSame = (owners: Owners, standing: readonly ManagedFieldsEntry[]): boolean => {
  const entries = new Set(standing);
  return [...owners.values()].every(({ entry }) => entry !== undefined && entries.has(entry));
};

/**
 * Clients may write managedFields themselves, through the object's own endpoint: an empty list, or one with an empty entry, forgets everything.
 * What cannot be read, or is not there because a client does not know of it, stays as it was.
 */
function ownersToKeep(standing: readonly ManagedFieldsEntry[] = [], after: KubernetesObject, writer: Writer): Owners {
  const given = metaOf(after).managedFields;
  if (writer.subresource !== undefined || given === undefined || given === standing) return storedOwners(standing);
  if (isReset(given)) return new Map();
  const owners = readOwners(given);
  return owners === undefined ? storedOwners(standing) : typedOwners(owners, writer);
}

const isReset = (entries: readonly ManagedFieldsEntry[]): boolean =>
  entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0);

/** Undefined for an object whose list elements cannot be told apart: of such nobody can own parts. */
export function ownersAfterUpdate(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  owners: Owners,
  writer: Writer,
): Owners | undefined {
  const comparison = comparisonOf(before, after, writer);
  if (comparison === undefined) return undefined;
  const left = handOver(comparison, owners, '');
  const own = withoutServerFields(union(comparison.modified, comparison.added));
  if (!isEmpty(own)) {
    const owner = ownerOf(writer, 'Update');
    const id = ownerId(owner);
    const previous = left.get(id);
    const time = writer.time ?? previous?.time;
    const fields = union(own, previous?.fields ?? {});
    left.set(id, { ...owner, fields, ...(time === undefined ? {} : { time }) });
  }
  return cappedUpdaters(left);
}

function comparisonOf(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  writer: Writer,
): Comparison | undefined {
  try {
    return compareObjects(asJson(before ?? {}), asJson(after), writer, false);
  } catch (error) {
    if (error instanceof ListElementError) return undefined;
    throw error;
  }
}

/** What differs and counts through this endpoint. Throws ListElementError. */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  writer: Writer,
  isConfigured: boolean,
): Comparison {
  const { added, modified, removed } = compareFields(
    withoutManagedFields(before),
    withoutManagedFields(after),
    writer.type,
    isConfigured,
  );
  return {
    added: writer.ownable(added),
    modified: writer.ownable(modified),
    removed: writer.ownable(removed),
  };
}

export const asJson = (object: object): JsonObject => object as JsonObject;
