import { difference, isEmpty, pathSet } from './field-set.ts';
import { storedOwners, withFields, writeOwners, type ManagedFieldsEntry, type Ownership } from './owners.ts';
import { fieldElement } from './path-element.ts';

/** Where a Scale and every kind that is served with one keep the count. */
const replicas = pathSet(['spec', 'replicas'].map(fieldElement));

const hasReplicas = ({ fields }: Ownership): boolean => isEmpty(difference(replicas, fields));

/** What a Scale says of who owns its count (managedfields/scalehandler.go ToSubresource). */
export function scaleOwners(entries: readonly ManagedFieldsEntry[], scaleVersion: string): ManagedFieldsEntry[] {
  const owners = [...storedOwners(entries)].filter(([, ownership]) => hasReplicas(ownership));
  return writeOwners(
    new Map(owners.map(([id, ownership]) => [id, { ...withFields(ownership, replicas), apiVersion: scaleVersion }])),
  );
}

/** The owners of the scaled object after its Scale was written: who lost the count there loses it here (ToParent). */
export function scaledOwners(
  entries: readonly ManagedFieldsEntry[],
  scaleEntries: readonly ManagedFieldsEntry[],
  apiVersion: string,
): ManagedFieldsEntry[] {
  const before = storedOwners(entries);
  const own = [...storedOwners(scaleEntries).values()].filter(hasReplicas);
  const now = new Set(own.map(identity));
  const kept = [...before].flatMap(([id, ownership]): [string, Ownership][] => {
    if (!hasReplicas(ownership) || now.has(identity(ownership))) return [[id, ownership]];
    const fields = difference(ownership.fields, replicas);
    return isEmpty(fields) ? [] : [[id, withFields(ownership, fields)]];
  });
  const known = new Set([...before.values()].filter(hasReplicas).map(identity));
  const added = own
    .filter((ownership) => !known.has(identity(ownership)))
    .map((ownership): [string, Ownership] => {
      const { time: _time, ...owner } = { ...withFields(ownership, replicas), apiVersion };
      return [`scale ${identity(owner)}`, owner];
    });
  return writeOwners(new Map([...kept, ...added]));
}

/** The version is not told apart here: the Scale's and the object's differ anyway. */
const identity = ({ manager, operation, subresource }: Ownership): string =>
  JSON.stringify([manager, operation, subresource]);
