import { schemaType } from '../schema/schema-table.ts';
import type { SchemaField, SchemaType } from '../schema/schema-type.ts';
import { goFormat } from './go-format.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { mergeList, orderList } from './merge-list.ts';
import {
  patchDirective,
  patchMembers,
  retainedEntries,
  withoutDirectives,
  type PatchMember,
} from './patch-directives.ts';
import { PatchError, patchResult, type PatchResult } from './patch-result.ts';

/**
 * Strategic merge patch, Kubernetes' own: a merge patch that also merges lists, by the keys and strategies that the type declares, and
 * knows the directives `$patch`, `$retainKeys`, `$setElementOrder/…` and `$deleteFromPrimitiveList/…`.
 */
export function applyStrategicMergePatch(current: unknown, patch: unknown, type: SchemaType): PatchResult {
  return patchResult(() => {
    if (!isJsonObject(patch)) throw new PatchError('BadRequest', 'invalid JSON document');
    return mergeObject(isJsonObject(current) ? current : {}, patch, (name) => structField(type, name));
  });
}

/** How the members of an object merge: what a struct's type says, the same for all members of a map, nothing for free-form values. */
type FieldLookup = (name: string) => Merging;
type Merging = {
  readonly strategies: readonly string[];
  readonly mergeKey: string | undefined;
  /** For the members of the value, or of the elements when it is a list. */
  readonly lookup: FieldLookup;
};

const replaced: Merging = { strategies: [], mergeKey: undefined, lookup: () => replaced };

function structField(type: SchemaType, name: string): Merging {
  if (type.isKind && (name === 'apiVersion' || name === 'kind')) return replaced;
  const field = type.fields.get(name);
  if (field === undefined) {
    throw new PatchError(
      'BadRequest',
      `unable to find api field in struct ${type.name} for the json field ${JSON.stringify(name)}`,
    );
  }
  const lookup = memberLookup(field);
  const members: Merging = { strategies: [], mergeKey: undefined, lookup };
  return {
    strategies: field.patchStrategies,
    mergeKey: field.patchMergeKey,
    lookup: field.shape === 'map' ? () => members : lookup,
  };
}

function memberLookup({ value }: SchemaField): FieldLookup {
  const type = 'type' in value ? schemaType(value.type) : undefined;
  return type === undefined ? replaced.lookup : (name) => structField(type, name);
}

function mergeObject(current: JsonObject, patch: JsonObject, lookup: FieldLookup): JsonObject {
  const directive = patch[patchDirective];
  if (directive === 'replace') return withoutDirectives(patch) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined) {
    throw new PatchError('BadRequest', `unknown patch type: ${goFormat(directive)} in map: ${goFormat(patch)}`);
  }
  const result = new Map(retainedEntries(current, patch));
  const members = patchMembers(patch);
  const ordered = new Set(members.filter((member) => member.kind === 'order').map((member) => member.field));
  for (const member of members) if (member.kind === 'order') mergeOrdered(result, member, patch, lookup);
  for (const member of members) {
    if (member.kind === 'deleteFromList') deleteFromList(result, member.field, new Set(member.values));
    if (member.kind === 'value' && !ordered.has(member.field)) mergeMember(result, member.field, member.value, lookup);
  }
  return Object.fromEntries(result);
}

function mergeMember(result: Map<string, unknown>, name: string, patch: unknown, lookup: FieldLookup): void {
  if (patch === null) result.delete(name);
  else
    result.set(
      name,
      result.has(name) ? mergeValue(result.get(name), patch, () => lookup(name)) : withoutDirectives(patch),
    );
}

/** Only two objects or two lists need to know how to merge, so only they look it up: other patches may have fields without a type. */
function mergeValue(current: unknown, patch: unknown, merging: () => Merging): unknown {
  if (isJsonObject(current) && isJsonObject(patch)) {
    const { strategies, lookup } = merging();
    return strategies.includes('replace') ? withoutDirectives(patch) : mergeObject(current, patch, lookup);
  }
  if (!Array.isArray(current) || !Array.isArray(patch)) return withoutDirectives(patch);
  const { strategies, mergeKey, lookup } = merging();
  if (!strategies.includes('merge')) return withoutDirectives(patch);
  return mergeList(current, patch, { mergeKey, mergeElements: (a, b) => mergeObject(a, b, lookup) });
}

/** A list that comes with its order is merged and ordered at once; the order alone moves the elements that are there. */
function mergeOrdered(
  result: Map<string, unknown>,
  { field, order }: PatchMember & { kind: 'order' },
  patch: JsonObject,
  lookup: FieldLookup,
): void {
  const live = asList(result.get(field), field);
  const patched = Object.hasOwn(patch, field) ? asList(patch[field] ?? 'null', field) : undefined;
  if (live === undefined && patched === undefined) return;
  const merging = lookup(field);
  const merged = asList(
    live === undefined
      ? withoutDirectives(patched)
      : patched === undefined
        ? live
        : mergeValue(live, patched, () => merging),
    field,
  );
  result.set(field, orderList(merged ?? [], order, patched ?? [], live ?? [], merging.mergeKey));
}

function asList(value: unknown, field: string): readonly unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw new PatchError('BadRequest', `expected a list for ${JSON.stringify(field)}`);
}

function deleteFromList(result: Map<string, unknown>, name: string, values: ReadonlySet<unknown>): void {
  const list = result.get(name);
  if (Array.isArray(list))
    result.set(
      name,
      list.filter((element) => !values.has(element)),
    );
}
