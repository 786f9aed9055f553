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
};

/** By identity (see ownerId). Never changed. */
export type Owners = ReadonlyMap<string, Ownership>;

/**
 * Appliers are the same in every version (managedfields/internal/managedfields.go BuildManagerIdentifier). The texts are in the order in which
 * messages name owners.
 */
export const ownerId = ({ manager, operation, apiVersion, subresource }: Owner): string =>
  JSON.stringify({ manager, operation, ...(operation === 'Apply' ? {} : { apiVersion }), subresource });

/** Reads managedFields as a client may have written them; undefined when they are none. */
export function readOwners(entries: readonly ManagedFieldsEntry[]): Owners | undefined {
  const owners = new Map<string, Ownership>();
  for (const entry of entries) {
    const ownership = readEntry(entry);
    if (ownership === undefined) return undefined;
    owners.set(ownerId(ownership), ownership);
  }
  return owners;
}

function readEntry(entry: ManagedFieldsEntry): Ownership | undefined {
  const { manager = '', operation, apiVersion, fieldsType, fieldsV1 = {}, subresource, time } = entry;
  if ((operation !== 'Apply' && operation !== 'Update') || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
  const fields = readFieldsV1(fieldsV1);
  if (fields === undefined) return undefined;
  return {
    manager,
    operation,
    apiVersion,
    fields,
    ...(subresource ? { subresource } : {}),
    ...(time ? { time } : {}),
  };
}

/** As the object carries them: appliers first, then by time (managedfields.go sortEncodedManagedFields). */
export const writeOwners = (owners: Owners): ManagedFieldsEntry[] =>
  [...owners.values()].toSorted(compareOwnerships).map(writeEntry);

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
