import type { JsonObject } from '../patch/json-value.ts';
import type { Comparison } from './compare-fields.ts';
import {
  difference,
  inside,
  intersection,
  isEmpty,
  isMember,
  leaf,
  nodeOf,
  overlaps,
  union,
  type FieldSet,
} from './field-set.ts';
import { childType, type MergeType } from './merge-type.ts';
import { withFields, type Owners, type Ownership } from './owners.ts';
import type { Writer } from './writer.ts';

/** What others own of what was added or changed, by their identity. */
export function claimsOn({ added, modified }: Comparison, owners: Owners, self: string): Map<string, FieldSet> {
  const changed = union(modified, added);
  const claims = [...owners]
    .filter(([id]) => id !== self)
    .map(([id, { fields }]): [string, FieldSet] => [id, intersection(fields, changed)]);
  return new Map(claims.filter(([, claim]) => !isEmpty(claim)));
}

/** Others lose what was changed or removed; who has nothing left is gone. Who loses nothing stays the same object. */
export function handOver(
  { added, modified, removed }: Comparison,
  owners: Owners,
  self: string,
): Map<string, Ownership> {
  const lost = union(union(modified, added), removed);
  const left = [...owners].map(([id, ownership]): [string, Ownership] => {
    if (id === self || !overlaps(ownership.fields, lost)) return [id, ownership];
    return [id, withFields(ownership, difference(ownership.fields, lost))];
  });
  return new Map(left.filter(([, { fields }]) => !isEmpty(fields)));
}

/** Who owns fields in a version that is served; what others owned is nobody's. */
export const servedOwners = (owners: Owners, { isServed }: Writer): Owners =>
  [...owners.values()].every(({ apiVersion }) => isServed(apiVersion))
    ? owners
    : new Map([...owners].filter(([, { apiVersion }]) => isServed(apiVersion)));

/** Owners of fields as the type has them now, which may have been another when they came to own them. */
export const typedOwners = (owners: Owners, { type }: Writer): Owners =>
  new Map(
    [...owners].map(([id, ownership]) => {
      const fields = asTyped(ownership.fields, type);
      return [id, fields === ownership.fields ? ownership : withFields(ownership, fields)];
    }),
  );

/**
 * Who owned fields inside what has become atomic owns the whole of it (typed/reconcile_schema.go). Types without a schema never change.
 * Answers the same set when nothing is different.
 */
function asTyped(set: FieldSet, type: MergeType): FieldSet {
  const nodes = inside(set);
  const typed = nodes.map(([element, node]): [string, FieldSet] => [
    element,
    typedNode(node, innerType(type, element)),
  ]);
  return typed.every(([, node], index) => node === nodes[index]?.[1]) ? set : Object.fromEntries(typed);
}

function typedNode(node: FieldSet, type: MergeType | undefined): FieldSet {
  if (type === undefined || type.scalar !== undefined || isEmpty(node)) return node;
  if (type.map?.atomic || type.list?.relationship === 'atomic') return leaf;
  const fields = asTyped(node, type);
  return fields === node ? node : (nodeOf(isMember(node), fields) ?? leaf);
}

const innerType = ({ map, list }: MergeType, element: string): MergeType | undefined =>
  element.startsWith('f:') ? map && childType(map, element.slice(2)) : list?.element;

/** An object without what says who owns it, and that. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const { managedFields: _managed, ...metadata } = (object.metadata ?? {}) as JsonObject;
  return { ...object, metadata };
}
