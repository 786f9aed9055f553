import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { isMember, type FieldSet } from './field-set.ts';
import { listElement } from './list-elements.ts';
import { atomOf, childType, type MergeType } from './merge-type.ts';
import { fieldElement } from './path-element.ts';

/** The object without these fields (structured-merge-diff typed/remove.go). A list or map that lost all it held is null. */
export const removeFields = (object: JsonObject, fields: FieldSet, type: MergeType): JsonObject =>
  removed(object, fields, type) as JsonObject;

function removed(value: unknown, fields: FieldSet, type: MergeType): unknown {
  const atom = atomOf(type, value);
  if (atom.kind === 'scalar') return value;
  if (atom.kind === 'list') {
    const { list } = atom;
    if (!Array.isArray(value) || list.relationship === 'atomic') return null;
    const kept = value.flatMap((item) => {
      const node = fields[listElement(list, item)];
      if (node === undefined) return [item];
      return isMember(node) ? [] : [removed(item, node, list.element)];
    });
    return kept.length === 0 ? null : kept;
  }
  if (!isJsonObject(value) || atom.map.atomic) return null;
  const kept = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const node = fields[fieldElement(name)];
    const inner = childType(atom.map, name);
    if (node === undefined || inner === undefined) return [[name, member]];
    return isMember(node) ? [] : [[name, removed(member, node, inner)]];
  });
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
