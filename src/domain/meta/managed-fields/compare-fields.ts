import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { leaf, nodeOf, noFields, unionOfNodes, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-elements.ts';
import { atomOf, childType, type Atom, type ListType, type MapType, type MergeType } from './merge-type.ts';
import { fieldElement } from './path-element.ts';

/** What differs between two states of an object. No field is in more than one of the sets. */
export type Comparison = { readonly added: FieldSet; readonly modified: FieldSet; readonly removed: FieldSet };

/** What differs at one place: nodes of the three sets. */
type Change = { readonly [Set in keyof Comparison]?: FieldSet | undefined };

/**
 * Compares two objects of one type (structured-merge-diff typed/compare.go). `isConfigured` says that what the second has and the first has not
 * is as somebody wrote it in a configuration, without the fields that Go always writes. Throws ListElementError.
 */
export function compareFields(
  before: JsonObject,
  after: JsonObject,
  type: MergeType,
  isConfigured: boolean,
): Comparison {
  const change = compareValues(before, after, type, isConfigured);
  const { added = noFields, modified = noFields, removed = noFields } = change ?? {};
  return { added, modified, removed };
}

/** Absent is undefined. Parts that two states share are not looked into. */
function compareValues(before: unknown, after: unknown, type: MergeType, isConfigured: boolean): Change | undefined {
  if (before === after) return undefined;
  const [left, right] = [atomOf(type, before), atomOf(type, after)];
  if (after === undefined) return compareAs(left, before, after, isConfigured);
  if (before === undefined || left.kind === right.kind) return compareAs(right, before, after, isConfigured);
  return joined(compareAs(left, before, after, isConfigured), compareAs(right, before, after, isConfigured));
}

function compareAs(atom: Atom, before: unknown, after: unknown, isConfigured: boolean): Change | undefined {
  switch (atom.kind) {
    case 'scalar':
      return compareLeaves(before, after);
    case 'list': {
      const [left, right] = [asList(before), asList(after)];
      // Two that hold nothing are compared as they are, since absent, null and empty differ.
      if (atom.list.relationship === 'atomic' || (left.length === 0 && right.length === 0)) {
        return compareLeaves(before, after);
      }
      return withItself(before, after, compareItems(left, right, atom.list, isConfigured));
    }
    case 'map': {
      const [left, right] = [asMap(before), asMap(after)];
      if (atom.map.atomic || (isEmptyObject(left) && isEmptyObject(right))) return compareLeaves(before, after);
      return withItself(before, after, compareKeys(left, right, atom.map, isConfigured));
    }
  }
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const asMap = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);
const isEmptyObject = (value: JsonObject | undefined): boolean =>
  value === undefined || Object.values(value).every((member) => member === undefined);

function compareLeaves(before: unknown, after: unknown): Change | undefined {
  if (before === undefined) return { added: leaf };
  if (after === undefined) return { removed: leaf };
  return isDeepStrictEqual(before, after) ? undefined : { modified: leaf };
}

/** What comes or goes with something inside is a field of its own besides. */
function withItself(before: unknown, after: unknown, { added, modified, removed }: Comparison): Change {
  return {
    added: nodeOf(before === undefined, added),
    modified: nodeOf(false, modified),
    removed: nodeOf(after === undefined, removed),
  };
}

function compareKeys(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  map: MapType,
  isConfigured: boolean,
): Comparison {
  const changes = new ChangesInside();
  const compare = (name: string): void => {
    const type = childType(map, name);
    if (type === undefined) return;
    const empty = map.field(name)?.empty;
    const [left, right] = [member(before, name, empty), member(after, name, empty)];
    if (left !== undefined || right !== undefined)
      changes.add(fieldElement(name), compareValues(left, right, type, isConfigured));
  };
  for (const name in before) compare(name);
  for (const name in after) if (before === undefined || !Object.hasOwn(before, name)) compare(name);
  const alone = after === undefined ? before : before === undefined && !isConfigured ? after : undefined;
  if (alone) for (const name of map.alwaysPresent) if (!Object.hasOwn(alone, name)) compare(name);
  return changes;
}

function member(object: JsonObject | undefined, name: string, empty: unknown): unknown {
  if (object === undefined) return undefined;
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value === undefined ? empty : value;
}

function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  list: ListType,
  isConfigured: boolean,
): Comparison {
  const changes = new ChangesInside();
  const [left, right] = [itemsByElement(list, before), itemsByElement(list, after)];
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    changes.add(element, compareGroups(left.get(element) ?? [], right.get(element) ?? [], list.element, isConfigured));
  }
  return changes;
}

/** Items of one element. Several are one thing to server-side apply: which of them is meant nobody can say. */
function compareGroups(
  before: readonly unknown[],
  after: readonly unknown[],
  type: MergeType,
  isConfigured: boolean,
): Change | undefined {
  if (before.length <= 1 && after.length <= 1) return compareValues(before[0], after[0], type, isConfigured);
  if (before.length <= 1) return joined(compareValues(before[0], undefined, type, isConfigured), { added: leaf });
  if (after.length <= 1) return joined(compareValues(undefined, after[0], type, isConfigured), { removed: leaf });
  return isDeepStrictEqual(before, after) ? undefined : { modified: leaf };
}

class ChangesInside implements Comparison {
  added: Record<string, FieldSet> = {};
  modified: Record<string, FieldSet> = {};
  removed: Record<string, FieldSet> = {};

  add(element: string, change: Change | undefined): void {
    if (change?.added) this.added[element] = change.added;
    if (change?.modified) this.modified[element] = change.modified;
    if (change?.removed) this.removed[element] = change.removed;
  }
}

const joined = (a: Change | undefined, b: Change | undefined): Change => ({
  added: joinedNodes(a?.added, b?.added),
  modified: joinedNodes(a?.modified, b?.modified),
  removed: joinedNodes(a?.removed, b?.removed),
});

const joinedNodes = (a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined =>
  a && b ? unionOfNodes(a, b) : (a ?? b);
