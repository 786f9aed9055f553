import type { JsonObject } from '../patch/json-value.ts';
import { metaOf } from '../object-key.ts';
import type { KubernetesObject } from '../types.ts';
import { cappedUpdaters } from './capped-updaters.ts';
import { compareFields, type Comparison } from './compare-fields.ts';
import { isEmpty, union } from './field-set.ts';
import { currentOwners, handOver, withoutManagedFields } from './hand-over.ts';
import { ListElementError } from './list-elements.ts';
import { ownerId, readOwners, writeOwners, type ManagedFieldsEntry, type Owners } from './owners.ts';
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
  const entries = entriesToKeep(standing, after, writer);
  if (before !== undefined && entries.length === 0) return undefined;
  const owners = currentOwners(readOwners(entries) ?? new Map(), writer);
  const next = ownersAfterUpdate(before, after, owners, writer);
  if (next === undefined) return undefined;
  return entries === standing && isSame(next, owners) ? standing : written(next);
}

const written = (owners: Owners) => (owners.size === 0 ? undefined : writeOwners(owners));

const isSame = (a: Owners, b: Owners): boolean =>
  a.size === b.size && [...a].every(([id, ownership]) => b.get(id) === ownership);

/**
 * Clients may write managedFields themselves, through the object's own endpoint: an empty list, or one with an empty entry, forgets everything.
 * What cannot be read, or is not there because a client does not know of it, stays as it was.
 */
function entriesToKeep(
  standing: readonly ManagedFieldsEntry[] = [],
  after: KubernetesObject,
  { subresource }: Writer,
): readonly ManagedFieldsEntry[] {
  const given = metaOf(after).managedFields;
  if (subresource !== undefined || given === undefined || given === standing) return standing;
  if (isReset(given)) return [];
  return readOwners(given) === undefined ? standing : given;
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
    return compareObjects(asJson(before ?? {}), asJson(after), writer);
  } catch (error) {
    if (error instanceof ListElementError) return undefined;
    throw error;
  }
}

/** What differs and counts through this endpoint. Throws ListElementError. */
export function compareObjects(before: JsonObject, after: JsonObject, writer: Writer): Comparison {
  const { added, modified, removed } = compareFields(
    withoutManagedFields(before),
    withoutManagedFields(after),
    writer.type,
  );
  return {
    added: writer.ownable(added),
    modified: writer.ownable(modified),
    removed: writer.ownable(removed),
  };
}

export const asJson = (object: object): JsonObject => object as JsonObject;
