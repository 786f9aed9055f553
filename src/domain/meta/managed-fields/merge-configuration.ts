import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { listElement } from './list-elements.ts';
import { atomOf, childType, type ListType, type MapType, type MergeType } from './merge-type.ts';

/**
 * What the live object becomes when a configuration is applied to it: nothing goes, and where both say something the configuration counts
 * (structured-merge-diff typed/merge.go). Throws ListElementError.
 */
export const mergeConfiguration = (live: JsonObject, config: JsonObject, type: MergeType): JsonObject =>
  mergeValue(live, config, type) as JsonObject;

function mergeValue(live: unknown, config: unknown, type: MergeType): unknown {
  if (config === undefined) return live;
  if (live === undefined) return config;
  const atom = atomOf(type, config);
  switch (atom.kind) {
    case 'scalar':
      return config;
    case 'list': {
      const [left, right] = [Array.isArray(live) ? live : [], Array.isArray(config) ? config : []];
      if (atom.list.relationship === 'atomic' || (left.length === 0 && right.length === 0)) return config;
      return mergeItems(left, right, atom.list);
    }
    case 'map': {
      const [left, right] = [isJsonObject(live) ? live : {}, isJsonObject(config) ? config : {}];
      if (atom.map.atomic || (isEmpty(left) && isEmpty(right))) return config;
      return mergeKeys(left, right, atom.map);
    }
  }
}

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0;

/** Entries instead of assignments, so that a key `__proto__` stays a key. */
function mergeKeys(live: JsonObject, config: JsonObject, map: MapType): JsonObject {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(config)) {
    const type = childType(map, name);
    if (type !== undefined) merged.set(name, mergeValue(merged.get(name), value, type));
  }
  return Object.fromEntries(merged);
}

/**
 * Elements of the live list only keep their place among the ones they stood with; those that both have come in the order of the
 * configuration. A live list may hold several of one element: applying that element leaves one.
 */
function mergeItems(live: readonly unknown[], config: readonly unknown[], list: ListType): unknown[] {
  const [left, right] = [keyed(live, list), keyed(config, list)];
  const liveItems = new Map<string, unknown>();
  for (const { element, item } of left) liveItems.set(element, liveItems.has(element) ? null : item);
  const wanted = new Map(right.map(({ element, item }) => [element, item]));
  const sharedOrder = right.map(({ element }) => element).filter((element) => liveItems.has(element));
  const merged: unknown[] = [];
  const done = new Set<string>();
  const take = (element: string): void => {
    done.add(element);
    merged.push(mergeValue(liveItems.get(element), wanted.get(element), list.element));
  };
  let shared = 0;
  let next = 0;
  for (let at = 0; at < left.length || next < right.length;) {
    const mine = left[at];
    const theirs = right[next];
    if (mine !== undefined && theirs !== undefined) {
      if (mine.element === theirs.element) {
        take(mine.element);
        at++;
        next++;
        shared++;
        continue;
      }
      const awaited = sharedOrder[shared];
      if (wanted.has(mine.element) && awaited !== undefined && awaited !== mine.element) {
        at++;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!wanted.has(mine.element)) {
        merged.push(mine.item);
        at++;
        continue;
      }
      if (done.has(mine.element)) at++;
    }
    if (theirs !== undefined) {
      take(theirs.element);
      next++;
      if (sharedOrder[shared] === theirs.element) shared++;
    }
  }
  return merged;
}

const keyed = (items: readonly unknown[], list: ListType): { element: string; item: unknown }[] =>
  items.map((item) => ({ element: listElement(list, item), item }));
