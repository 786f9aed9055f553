import type { JsonObject } from '../patch/json-value.ts';
import { difference, intersection, isEmpty, union, type FieldSet } from './field-set.ts';
import { fieldSetOf } from './field-set-of.ts';
import type { MergeType } from './merge-type.ts';
import { withNamedFields } from './named-fields.ts';
import { removeFields } from './remove-fields.ts';

/**
 * Takes away what the applier applied last time and does not apply any more, except what anybody owns now (structured-merge-diff
 * merge/update.go prune). `owned` is the union of all sets, that of the new configuration included.
 */
export function pruneConfiguration(merged: JsonObject, last: FieldSet, owned: FieldSet, type: MergeType): JsonObject {
  if (isEmpty(last)) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, type);
  const fieldsOf = (object: JsonObject): FieldSet => named(fieldSetOf(object, type));
  const given = named(last);
  const all = fieldsOf(merged);
  const bare = fieldsOf(removeFields(merged, given, type));
  const kept = removeFields(merged, difference(all, union(bare, named(owned))), type);
  // What fell with its parent although the applier never owned it comes back.
  return removeFields(merged, intersection(difference(all, fieldsOf(kept)), given), type);
}
