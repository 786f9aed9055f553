import { toTime, type Clock } from '../meta/clock.ts';
import { sameJson } from '../meta/deep-equal.ts';
import { endpointFields } from '../meta/managed-fields/endpoint-fields.ts';
import { deducedType, type MergeType } from '../meta/managed-fields/merge-type.ts';
import { readOwners, writeOwners, type ManagedFieldsEntry } from '../meta/managed-fields/owners.ts';
import { mergeTypeOf } from '../meta/managed-fields/schema-merge-type.ts';
import { trackUpdate } from '../meta/managed-fields/track-update.ts';
import type { Writer } from '../meta/managed-fields/writer.ts';
import { metaOf } from '../meta/object-key.ts';
import { schemaOfKind } from '../meta/schema/schema-table.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { apiVersionOf, type ResourceDefinition } from '../resources/resource-definition.ts';

/** What a write says of itself. */
export type FieldManagement = {
  /** Who owns what the write changes, at most 128 printable characters. Undefined for k2d's own controllers. */
  fieldManager?: string;
  /** Something was applied: the object comes with the managedFields that follow from that. */
  isApplied?: boolean;
  subresource?: string;
};

/** The name under which Kubernetes' controllers write, which Argo CD and others know. */
const controllers = 'kube-controller-manager';

/** Who writes objects of this resource, as field ownership sees it. */
export function writerOf(
  definition: ResourceDefinition,
  { fieldManager = controllers, subresource }: FieldManagement,
  clock: Clock,
): Writer {
  return {
    manager: fieldManager,
    apiVersion: apiVersionOf(definition),
    isServed: isServedBeside(definition),
    type: mergeTypeOfResource(definition),
    ownable: definition.subresources.includes('status')
      ? endpointFields(subresource, definition.statusMetadata)
      : (set) => set,
    // Kubernetes does not tell when somebody scaled (managedfields/scalehandler.go ToParent).
    time: subresource === 'scale' ? undefined : toTime(clock.now()),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/**
 * Another version may show the same objects: of a built-in kind any that has it, of a custom one any of its group, for those of its versions
 * that go are few and what is said of them does no harm.
 */
const isServedBeside =
  (definition: ResourceDefinition) =>
  (apiVersion: string): boolean => {
    const own = apiVersionOf(definition);
    if (apiVersion === own) return true;
    if (schemaOfKind(own, definition.kind) !== undefined)
      return schemaOfKind(apiVersion, definition.kind) !== undefined;
    return apiVersion.startsWith(`${definition.group}/`);
  };

function mergeTypeOfResource(definition: ResourceDefinition): MergeType {
  if (definition.mergeType !== undefined) return definition.mergeType;
  const schema = schemaOfKind(apiVersionOf(definition), definition.kind);
  return schema === undefined ? deducedType : mergeTypeOf(schema);
}

/** The object as it will be stored, with who owns its fields; `before` is undefined for a new one. */
export function withOwners<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  before: T | undefined,
  after: T,
  management: FieldManagement,
  clock: Clock,
): T {
  if (management.isApplied) return after;
  if (!isTracked(definition, before, after, management))
    return withEntries(after, before && metaOf(before).managedFields);
  return withEntries(after, trackUpdate(before, after, writerOf(definition, management, clock)));
}

/**
 * k2d's own writes are tracked where they are intent: what it observes (status, bindings, events and other objects that are not kept) changes
 * all the time, and nobody applies it. Like Kubernetes, it tracks no binding.
 */
const isTracked = <T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  before: T | undefined,
  after: T,
  { fieldManager, subresource }: FieldManagement,
): boolean =>
  subresource !== 'binding' &&
  (fieldManager !== undefined || (subresource !== 'status' && (before !== undefined || definition.isKept(after))));

function withEntries<T extends KubernetesObject>(object: T, entries: readonly ManagedFieldsEntry[] | undefined): T {
  const { managedFields, ...metadata } = metaOf(object);
  if (managedFields === entries) return object;
  return { ...object, metadata: entries === undefined ? metadata : { ...metadata, managedFields: entries } };
}

/** The object as admission left it, with the owners that were computed before: webhooks may write them, but nothing that cannot be read. */
export function withReadableOwners<T extends KubernetesObject>(admitted: T, owned: T): T {
  const [given, computed] = [metaOf(admitted).managedFields, metaOf(owned).managedFields];
  if (given === computed) return admitted;
  const owners = given && readOwners(given);
  return withEntries(admitted, owners === undefined ? computed : writeOwners(owners));
}

/** An object that was read from disk: sets of fields that are equal parts of each other share them again, which is most of their size. */
export function withReadOwners<T extends KubernetesObject>(object: T): T {
  const { managedFields } = metaOf(object);
  if (managedFields === undefined) return object;
  const owners = readOwners(managedFields);
  return withEntries(object, owners && writeOwners(owners));
}

/** Equal but for when somebody came to own what (apiserver pkg/endpoints/handlers/fieldmanager/equality.go). */
export function sameButTimes(next: KubernetesObject, current: KubernetesObject): boolean {
  const [after, before] = [metaOf(next).managedFields, metaOf(current).managedFields];
  if (after !== before && !sameJson(after?.map(timeless), before?.map(timeless))) return false;
  return sameJson(withEntries(next, undefined), withEntries(current, undefined));
}

const timeless = (entry: ManagedFieldsEntry): ManagedFieldsEntry => {
  const { time: _time, ...rest } = entry;
  return rest;
};
