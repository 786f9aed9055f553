import { isJsonObject, type JsonObject } from '../patch/json-value.ts';
import { leaf, nodeOf, noFields, type FieldSet } from './field-set.ts';
import { itemsByElement } from './list-elements.ts';
import { atomOf, childType, type ListType, type MapType, type MergeType } from './merge-type.ts';
import { fieldElement } from './path-element.ts';

/** Every field that an object names (structured-merge-diff typed/tofieldset.go). Throws ListElementError. */
export const fieldSetOf = (object: JsonObject, type: MergeType): FieldSet => nodeOfValue(object, type) ?? noFields;

function nodeOfValue(value: unknown, type: MergeType): FieldSet | undefined {
  const atom = atomOf(type, value);
  switch (atom.kind) {
    case 'scalar':
      return leaf;
    case 'list':
      if (atom.list.relationship === 'atomic') return leaf;
      return Array.isArray(value) ? nodeOf(false, fieldsOfItems(value, atom.list)) : undefined;
    case 'map':
      if (atom.map.atomic) return leaf;
      return isJsonObject(value) ? nodeOf(false, fieldsOfKeys(value, atom.map)) : undefined;
  }
}

/** A map's elements are fields of their own besides what is inside them, a struct's fields only when nothing is. */
function fieldsOfKeys(object: JsonObject, map: MapType): FieldSet {
  const fields: Record<string, FieldSet> = {};
  for (const [name, value] of Object.entries(object)) {
    const type = value === undefined ? undefined : childType(map, name);
    if (type === undefined) continue;
    const isElement = map.field(name) === undefined;
    const node = nodeOfValue(value, type);
    const own = isElement || value === null || isEmptyObject(value) ? withItself(node) : node;
    if (own !== undefined) fields[fieldElement(name)] = own;
  }
  return fields;
}

const isEmptyObject = (value: unknown): boolean => isJsonObject(value) && Object.keys(value).length === 0;

function fieldsOfItems(items: readonly unknown[], list: ListType): FieldSet {
  const groups = [...itemsByElement(list, items)];
  return Object.fromEntries(
    groups.map(([element, group]) => [
      element,
      group.length > 1 ? leaf : withItself(nodeOfValue(group[0], list.element)),
    ]),
  );
}

const withItself = (node: FieldSet | undefined): FieldSet => (node && nodeOf(true, node)) ?? leaf;
