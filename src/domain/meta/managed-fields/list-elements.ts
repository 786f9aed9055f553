import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import type { ListType, MergeType } from './merge-type.ts';
import { keyElement, valueElement } from './path-element.ts';

/** A list whose elements cannot be told apart; leaves this folder only as a message. */
export class ListElementError extends Error {}

/** How a set or map list names this element; throws ListElementError (structured-merge-diff typed/helpers.go listItemToPathElement). */
export const listElement = ({ relationship, keys, element }: ListType, item: unknown): string =>
  relationship === 'map' ? keyedElement(keys, element, item) : scalarElement(item);

function keyedElement(keys: readonly string[], type: MergeType, item: unknown): string {
  if (item === null) throw new ListElementError('associative list with keys may not have a null element');
  if (!isJsonObject(item)) throw new ListElementError('associative list with keys may not have non-map elements');
  const present = keys
    .map((name): [string, unknown] => [name, keyValue(item, name, type)])
    .filter(([, value]) => value !== undefined);
  if (present.length === 0) {
    const names = keys.map((name) => JSON.stringify(name)).join(' ');
    throw new ListElementError(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(Object.fromEntries(present));
}

const keyValue = (item: JsonObject, name: string, type: MergeType): unknown =>
  (Object.hasOwn(item, name) ? item[name] : undefined) ?? type.map?.field(name)?.default;

function scalarElement(item: unknown): string {
  if (item === null) throw new ListElementError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new ListElementError('not supported: associative list with lists as elements');
  if (isJsonObject(item)) throw new ListElementError("associative list without keys has an element that's a map type");
  return valueElement(item);
}

/** The items by their elements, in their order; a live list may hold several of one element. */
export function itemsByElement(list: ListType, items: readonly unknown[]): Map<string, unknown[]> {
  const groups = new Map<string, unknown[]>();
  for (const item of items) {
    const element = listElement(list, item);
    const group = groups.get(element);
    if (group) group.push(item);
    else groups.set(element, [item]);
  }
  return groups;
}
