import { isEmpty, outside, pathSet, type FieldSet } from './field-set.ts';
import type { ManagedFieldsEntry } from './owners.ts';
import { fieldElement } from './path-element.ts';

/** What is said of who owns fields, without what is said of a status that is not kept; the same list where nothing is. */
export function withoutStatusOwners(entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  if (entries.every(({ subresource }) => subresource !== 'status')) return entries;
  return entries.flatMap((entry) => {
    if (entry.subresource !== 'status') return [entry];
    const fieldsV1 = outside((entry.fieldsV1 ?? {}) as FieldSet, status);
    return isEmpty(fieldsV1) ? [] : [{ ...entry, fieldsV1 }];
  });
}

const status = pathSet([fieldElement('status')]);
