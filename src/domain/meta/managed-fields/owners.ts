import type { ObjectMeta } from '../types.ts';
import type { FieldSet } from './field-set.ts';
import { readFieldsV1, sortedFields } from './fields-v1.ts';

export type ManagedFieldsEntry = NonNullable<ObjectMeta['managedFields']>[number];

/** Who owns fields: one entry of managedFields without what it owns. */
export type Owner = {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
};

export type Ownership = Owner & {
  readonly fields: FieldSet;
  /** RFC 3339, to the second; absent for who never changed the object (shared what was there). */
  readonly time?: string;
  /** The entry that says just this, if there is one already. */
  readonly entry?: ManagedFieldsEntry;
};

/** By identity (see ownerId). Never changed. */
export type Owners = ReadonlyMap<string, Ownership>;

/**
 * Appliers are the same in every version (managedfields/internal/managedfields.go BuildManagerIdentifier). The texts are in the order in which
 * messages name owners.
 */
export const ownerId = ({ manager, operation, apiVersion, subresource }: Owner): string =>
  JSON.stringify({ manager, operation, ...(operation === 'Apply' ? {} : { apiVersion }), subresource });

/** Reads the managedFields of a stored object, which were written here. */
export const storedOwners = (entries: readonly ManagedFieldsEntry[]): Owners =>
  byId(entries.map((entry) => ownershipOf(entry, entry.fieldsV1 as FieldSet, entry)));

/** Reads managedFields as a client may have written them; undefined when they are none. */
export function readOwners(entries: readonly ManagedFieldsEntry[]): Owners | undefined {
  const ownerships = entries.map((entry) => {
    const fields = isValid(entry) ? readFieldsV1(entry.fieldsV1 ?? {}) : undefined;
    return fields && ownershipOf(entry, fields);
  });
  const read = ownerships.filter((ownership) => ownership !== undefined);
  return read.length === ownerships.length ? byId(read) : undefined;
}

const byId = (ownerships: readonly Ownership[]): Owners =>
  new Map(ownerships.map((ownership) => [ownerId(ownership), ownership]));

const isValid = ({ operation, apiVersion, fieldsType }: ManagedFieldsEntry): boolean =>
  (operation === 'Apply' || operation === 'Update') && Boolean(apiVersion) && fieldsType === 'FieldsV1';

const ownershipOf = (
  { manager = '', operation, apiVersion = '', subresource, time }: ManagedFieldsEntry,
  fields: FieldSet,
  entry?: ManagedFieldsEntry,
): Ownership => ({
  manager,
  operation: operation === 'Apply' ? 'Apply' : 'Update',
  apiVersion,
  fields,
  ...(subresource ? { subresource } : {}),
  ...(time ? { time } : {}),
  ...(entry ? { entry } : {}),
});

/** The same owner, of other fields. */
export function withFields({ entry: _entry, ...ownership }: Ownership, fields: FieldSet): Ownership {
  return { ...ownership, fields };
}

/** As the object carries them: appliers first, then by time (managedfields.go sortEncodedManagedFields). */
export const writeOwners = (owners: Owners): ManagedFieldsEntry[] =>
  [...owners.values()].toSorted(compareOwnerships).map((ownership) => ownership.entry ?? writeEntry(ownership));

const writeEntry = ({ manager, operation, apiVersion, time, fields, subresource }: Ownership): ManagedFieldsEntry => ({
  manager,
  operation,
  apiVersion,
  ...(time === undefined ? {} : { time }),
  fieldsType: 'FieldsV1',
  fieldsV1: sortedFields(fields),
  ...(subresource === undefined ? {} : { subresource }),
});

const compareOwnerships = (a: Ownership, b: Ownership): number =>
  compareText(a.operation, b.operation) ||
  seconds(a) - seconds(b) ||
  compareText(a.manager, b.manager) ||
  compareText(a.apiVersion, b.apiVersion) ||
  compareText(a.subresource ?? '', b.subresource ?? '');

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const seconds = ({ time }: Pick<Ownership, 'time'>): number =>
  time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
