import type { JsonObject } from '../patch/json-value.ts';
import { metaOf } from '../object-key.ts';
import type { KubernetesObject } from '../types.ts';
import { configurationErrors } from './configuration-errors.ts';
import { isEmpty, union, type FieldSet } from './field-set.ts';
import { fieldSetOf } from './field-set-of.ts';
import { fieldPaths } from './fields-v1.ts';
import { claimsOn, handOver, servedOwners, typedOwners, withoutManagedFields } from './hand-over.ts';
import { lastAppliedFields, withLastApplied } from './last-applied.ts';
import { ListElementError } from './list-elements.ts';
import { mergeConfiguration } from './merge-configuration.ts';
import { ownerId, storedOwners, writeOwners, type Owner, type Owners, type Ownership } from './owners.ts';
import { pruneConfiguration } from './prune-configuration.ts';
import { sameValue } from './same-value.ts';
import { asJson, compareObjects, ownersAfterUpdate } from './track-update.ts';
import { ownerOf, withoutServerFields, type Writer } from './writer.ts';

/** A field of the configuration that another owns with another value. `path` is as messages show it: `.spec.replicas`. */
export type Conflict = { readonly owner: Owner; readonly path: string };

export type ApplyResult =
  /** The object as merged, neither defaulted nor checked, with its new managedFields. */
  | { readonly kind: 'applied'; readonly object: JsonObject }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] }
  /** A message for who applied it. */
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Applies a configuration as server-side apply does: the applier owns exactly what it names, gets what others own only by agreement or
 * force, and what it named before and does not any more goes unless others own it (apimachinery pkg/util/managedfields/internal, Apply;
 * structured-merge-diff merge/update.go). `live` is an object without uid when there is none yet.
 */
export function applyConfiguration(
  live: KubernetesObject,
  config: JsonObject,
  writer: Writer,
  force: boolean,
): ApplyResult {
  if (config.apiVersion !== writer.apiVersion || config.kind !== live.kind) {
    return { kind: 'invalid', message: `invalid object type: ${kindOf(config)}` };
  }
  if (Array.isArray((config.metadata as JsonObject | null | undefined)?.managedFields)) {
    return { kind: 'invalid', message: 'metadata.managedFields must be nil' };
  }
  const owners = ownersBefore(live, writer);
  if (owners === undefined) return { kind: 'invalid', message: `failed to create typed live object (${nameOf(live)})` };
  try {
    const result = applyAsClientSide(live, config, owners, writer, force);
    if (result.kind !== 'applied' || writer.manager !== 'kubectl') return result;
    return { ...result, object: withLastApplied(result.object, config) };
  } catch (error) {
    if (!(error instanceof ListElementError)) throw error;
    return { kind: 'invalid', message: `failed to create typed live object (${nameOf(live)}): ${error.message}` };
  }
}

/** What an object had when nothing of it was owned yet belongs to `before-first-apply` (skipnonapplied.go). */
function ownersBefore(live: KubernetesObject, writer: Writer): Owners | undefined {
  const owners = servedOwners(storedOwners(metaOf(live).managedFields ?? []), writer);
  if (owners.size > 0) return typedOwners(owners, writer);
  const { apiVersion, kind } = live;
  const empty = { ...(apiVersion && { apiVersion }), ...(kind && { kind }) };
  return ownersAfterUpdate(empty, live, owners, { ...writer, manager: 'before-first-apply' });
}

/**
 * kubectl may take without force what it wrote when it applied on the client's side, as the annotation tells
 * (lastappliedmanager.go).
 */
function applyAsClientSide(
  live: KubernetesObject,
  config: JsonObject,
  owners: Owners,
  writer: Writer,
  force: boolean,
): ApplyResult {
  const result = applyOnce(live, config, owners, writer, force);
  if (result.kind !== 'conflict' || writer.manager !== 'kubectl') return result;
  const allowed = lastAppliedFields(live, writer);
  if (allowed === undefined) return result;
  const permitted = new Set(fieldPaths(allowed));
  const conflicts = result.conflicts.filter(({ path }) => !permitted.has(path));
  return conflicts.length > 0 ? { kind: 'conflict', conflicts } : applyOnce(live, config, owners, writer, true);
}

function applyOnce(
  live: KubernetesObject,
  config: JsonObject,
  owners: Owners,
  writer: Writer,
  force: boolean,
): ApplyResult {
  const { type } = writer;
  const errors = configurationErrors(config, type);
  if (errors !== undefined) {
    return { kind: 'invalid', message: `failed to create typed patch object (${nameOf(config)}): ${errors}` };
  }
  const before = withoutManagedFields(asJson(live));
  const owner = ownerOf(writer, 'Apply');
  const id = ownerId(owner);
  const named = writer.ownable(fieldSetOf(config, type));
  const last = owners.get(id);
  const claimed = new Map(owners).set(id, { ...owner, fields: named });
  const merged = mergeConfiguration(before, config, type);
  const after = pruneConfiguration(merged, last?.fields ?? {}, ownedByAll(claimed), type);
  const comparison = compareObjects(before, after, writer, true);
  const claims = claimsOn(comparison, claimed, id);
  if (claims.size > 0 && !force) return { kind: 'conflict', conflicts: conflictsOf(claims, owners) };
  const next = handOver(comparison, claimed, id);
  const fields = withoutServerFields(named);
  const time = sameValue(before, after, type) ? last?.time : writer.time;
  if (isEmpty(fields)) next.delete(id);
  else next.set(id, { ...owner, fields, ...(time === undefined ? {} : { time }) });
  return { kind: 'applied', object: withOwners(after, next) };
}

const ownedByAll = (owners: Owners): FieldSet =>
  [...owners.values()].map(({ fields }: Ownership) => fields).reduce(union, {});

function conflictsOf(claims: ReadonlyMap<string, FieldSet>, owners: Owners): Conflict[] {
  return [...claims]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, fields]) => {
      const owner = owners.get(id);
      return owner === undefined ? [] : fieldPaths(fields).map((path) => ({ owner, path }));
    });
}

function withOwners(object: JsonObject, owners: Owners): JsonObject {
  if (owners.size === 0) return object;
  return { ...object, metadata: { ...(object.metadata as JsonObject), managedFields: writeOwners(owners) } };
}

/** `default/web; apps/v1, Kind=Deployment` */
function nameOf(object: JsonObject | KubernetesObject): string {
  const { namespace, name } = (object.metadata ?? {}) as { namespace?: unknown; name?: unknown };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return `${text(namespace)}/${text(name)}; ${kindOf(object)}`;
}

/** `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`; cut, for a client may send anything. */
function kindOf({ apiVersion, kind }: JsonObject | KubernetesObject): string {
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const groupVersion = version.includes('/') ? version : `/${version}`;
  return `${groupVersion.slice(0, 200)}, Kind=${typeof kind === 'string' ? kind.slice(0, 200) : ''}`;
}
