import { sameJson } from '../meta/deep-equal.ts';
import type { Logger } from '../meta/logger.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../meta/object-key.ts';
import { isConflict, isNotFound } from '../meta/status-error.ts';
import type { KubernetesObject, OwnerReference } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { runController, source } from './controller.ts';
import {
  foregroundFinalizer,
  isBeingDeleted,
  isWaitingForDependents,
  orphanFinalizer,
  planGarbage,
  type GarbageStep,
  type OwnerState,
} from './garbage-plan.ts';
import { OwnerIndex } from './owner-index.ts';
import { groupOf, withOwnerReferences } from './owner-references.ts';

export type GarbageCollectorOptions = {
  registry: Registry;
  catalog: readonly ResourceDefinition[];
  logger: Logger;
  signal: AbortSignal;
};

/** One object of any kind. */
type Item = { definition: ResourceDefinition; key: ObjectKey };

/**
 * Deletes objects whose owners are all gone, whatever kind they are, and carries out foreground and orphaning deletions (kubernetes
 * pkg/controller/garbagecollector). Looks at everything once at the start, for owners may have gone while nobody watched.
 */
export function startGarbageCollector({ registry, catalog, logger, signal }: GarbageCollectorOptions): Promise<void> {
  const items = new Items(registry, catalog);
  return runController({
    name: 'garbage-collector',
    registry,
    logger,
    sources: catalog.map((definition) => source(definition, (event) => items.concernedBy(definition, event))),
    reconcile: (text) => reconcile(registry, items, text),
    signal,
    concurrency: 4,
  });
}

class Items {
  readonly #registry: Registry;
  readonly #catalog: readonly ResourceDefinition[];
  readonly #index = new OwnerIndex();

  constructor(registry: Registry, catalog: readonly ResourceDefinition[]) {
    this.#registry = registry;
    this.#catalog = catalog;
  }

  parse(text: string): Item {
    const [place, key = ''] = text.split(' ');
    return { definition: this.#catalog[Number(place)]!, key: parseKey(key) };
  }

  find(text: string): KubernetesObject | undefined {
    const { definition, key } = this.parse(text);
    return this.#registry.find(definition, key);
  }

  dependentsOf(object: KubernetesObject): readonly string[] {
    return this.#index.dependentsOf(metaOf(object).uid ?? '');
  }

  /** Who to look at after a change: the object, those that it owns when it goes, and owners that wait for it to go. */
  concernedBy(definition: ResourceDefinition, event: ChangeEvent): string[] {
    const { type, object, previous } = event;
    const text = this.#format(definition, keyOf(object));
    const before = metaOf(previous ?? {}).ownerReferences ?? [];
    const after = type === 'DELETED' ? [] : (metaOf(object).ownerReferences ?? []);
    this.#index.note(text, before, after);
    if (previous && type === 'MODIFIED' && sameJson(ties(previous), ties(object))) return [];
    const isGoing = type === 'DELETED' || isBeingDeleted(object);
    return [
      ...(type === 'DELETED' || (after.length === 0 && !isGoing) ? [] : [text]),
      ...(isGoing ? this.dependentsOf(object) : []),
      ...[...before, ...after].flatMap((reference) => this.#waitingOwner(object, reference) ?? []),
    ];
  }

  /** A cluster-scoped object cannot name an owner in a namespace; one that does is left alone (garbagecollector.go). */
  stateOf(dependent: KubernetesObject, reference: OwnerReference): OwnerState {
    const item = this.#itemOf(dependent, reference);
    if (!item) return 'unknown';
    const owner = this.#registry.find(item.definition, item.key);
    if (!owner || metaOf(owner).uid !== reference.uid) return 'absent';
    return isWaitingForDependents(owner) ? 'waiting' : 'present';
  }

  #waitingOwner(dependent: KubernetesObject, reference: OwnerReference): string | undefined {
    const item = this.#itemOf(dependent, reference);
    if (!item || this.stateOf(dependent, reference) !== 'waiting') return undefined;
    return this.#format(item.definition, item.key);
  }

  /** References outlive versions of the API, so the group and the kind decide. */
  #itemOf(dependent: KubernetesObject, { apiVersion, kind, name }: OwnerReference): Item | undefined {
    const definition = this.#catalog.find((each) => each.kind === kind && each.group === groupOf(apiVersion));
    const { namespace = '' } = metaOf(dependent);
    if (!definition || (definition.scope === 'Namespaced' && namespace === '')) return undefined;
    return { definition, key: { namespace: definition.scope === 'Namespaced' ? namespace : '', name } };
  }

  #format(definition: ResourceDefinition, key: ObjectKey): string {
    return `${this.#catalog.indexOf(definition)} ${formatKey(key)}`;
  }
}

const ties = (object: KubernetesObject): unknown => {
  const { ownerReferences = [], finalizers = [], deletionTimestamp } = metaOf(object);
  return { ownerReferences, finalizers, isDeleted: deletionTimestamp !== undefined };
};

async function reconcile(registry: Registry, items: Items, text: string): Promise<void> {
  const object = items.find(text);
  if (!object) return;
  const dependents = items.dependentsOf(object);
  const step = planGarbage(
    object,
    (reference) => items.stateOf(object, reference),
    dependents.flatMap((dependent) => items.find(dependent) ?? []),
  );
  const { definition } = items.parse(text);
  try {
    await perform(registry, { definition, object, step, dependents: dependents.map((each) => items.parse(each)) });
  } catch (error) {
    // Gone, or another object under its name: not the one that was looked at.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

type Work = {
  definition: ResourceDefinition;
  object: KubernetesObject;
  step: GarbageStep;
  dependents: readonly Item[];
};

async function perform(registry: Registry, { definition, object, step, dependents }: Work): Promise<void> {
  const { uid = '' } = metaOf(object);
  switch (step.do) {
    case 'nothing':
      return;
    case 'orphanDependents':
      await Promise.all(dependents.map((each) => forgetOwners(registry, each.definition, each.key, [uid])));
      return removeFinalizer(registry, definition, object, orphanFinalizer);
    case 'releaseOwner':
      return removeFinalizer(registry, definition, object, foregroundFinalizer);
    case 'forgetOwners':
      return forgetOwners(registry, definition, keyOf(object), step.uids);
    case 'delete':
      if (step.unblock) await unblockOwners(registry, definition, object);
      await registry.delete(definition, keyOf(object), { propagationPolicy: step.policy, preconditions: { uid } });
  }
}

/** A dependent that is gone needs no forgetting. */
async function forgetOwners(
  registry: Registry,
  definition: ResourceDefinition,
  key: ObjectKey,
  uids: readonly string[],
): Promise<void> {
  try {
    await registry.update(definition, key, (current) =>
      withOwnerReferences(
        current,
        (metaOf(current).ownerReferences ?? []).filter((reference) => !uids.includes(reference.uid)),
      ),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const unblockOwners = (
  registry: Registry,
  definition: ResourceDefinition,
  object: KubernetesObject,
): Promise<unknown> =>
  registry.update(definition, keyOf(object), (current) =>
    withOwnerReferences(
      current,
      (metaOf(current).ownerReferences ?? []).map((reference) => ({ ...reference, blockOwnerDeletion: false })),
    ),
  );

const removeFinalizer = async (
  registry: Registry,
  definition: ResourceDefinition,
  object: KubernetesObject,
  finalizer: string,
): Promise<void> => {
  await registry.update(definition, keyOf(object), (current) => {
    if (metaOf(current).uid !== metaOf(object).uid) return current;
    const { finalizers = [], ...kept } = metaOf(current);
    const left = finalizers.filter((each) => each !== finalizer);
    return { ...current, metadata: left.length === 0 ? kept : { ...kept, finalizers: left } };
  });
};
