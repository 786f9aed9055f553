/**
 * A set of fields of an object, in the form of `fieldsV1` itself: a tree whose keys are path elements (`f:spec`, `k:{"name":"c"}`,
 * `v:"x"`). A node without keys is a field of the set; a node with keys is one when it has the key `.` too. The root stands for the whole
 * object, which nobody owns, so that an empty root is the empty set. Sets are never changed (structured-merge-diff fieldpath/set.go).
 */
export type FieldSet = { readonly [element: string]: FieldSet };

/** A field without fields inside, shared by all sets because it is most of what they are made of. */
export const leaf: FieldSet = Object.freeze({});
export const noFields: FieldSet = Object.freeze({});

/** Marks a field that has fields inside and is in the set itself. */
export const itself = '.';

export const isEmpty = (set: FieldSet): boolean => {
  for (const _element in set) return false;
  return true;
};

/** Whether this node is a field of the set itself. */
export const isMember = (node: FieldSet): boolean => isEmpty(node) || itself in node;

/** A node of the tree; undefined when there is nothing to say of it. */
export function nodeOf(member: boolean, inside: FieldSet): FieldSet | undefined {
  if (isEmpty(inside)) return member ? leaf : undefined;
  return member ? { ...inside, [itself]: leaf } : inside;
}

/** The set of one field. */
export const pathSet = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((inside, element) => ({ [element]: inside }), leaf);

/** Fields of either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  const result: Record<string, FieldSet> = {};
  for (const [element, node] of inside(a)) {
    const other = b[element];
    result[element] = other === undefined ? node : unionOfNodes(node, other);
  }
  for (const [element, node] of inside(b)) result[element] ??= node;
  return result;
}

/** The union at one place. */
export const unionOfNodes = (a: FieldSet, b: FieldSet): FieldSet =>
  nodeOf(isMember(a) || isMember(b), union(withoutItself(a), withoutItself(b))) ?? leaf;

/** Fields of the first that are not in the second. A field stays although fields inside it go, and they stay although it goes. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  combined(a, (node, element) => {
    const other = b[element];
    return other === undefined ? node : nodeOf(isMember(node) && !isMember(other), difference(node, other));
  });

/** Fields of both. */
export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  combined(a, (node, element) => {
    const other = b[element];
    return other && nodeOf(isMember(node) && isMember(other), intersection(node, other));
  });

/** Fields of the first that neither are in the second nor lie inside one of its fields. */
export const outside = (a: FieldSet, b: FieldSet): FieldSet =>
  combined(a, (node, element) => {
    const other = b[element];
    if (other === undefined) return node;
    return isMember(other) ? undefined : nodeOf(isMember(node), outside(node, other));
  });

export const overlaps = (a: FieldSet, b: FieldSet): boolean => !isEmpty(intersection(a, b));

/** The nodes inside, with their elements. */
export const inside = (node: FieldSet): [element: string, node: FieldSet][] =>
  Object.entries(node).filter(([element]) => element !== itself);

function combined(a: FieldSet, combine: (node: FieldSet, element: string) => FieldSet | undefined): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const [element, node] of inside(a)) {
    const next = combine(node, element);
    if (next !== undefined) result[element] = next;
  }
  return result;
}

function withoutItself(node: FieldSet): FieldSet {
  const { [itself]: _itself, ...fields } = node;
  return fields;
}
