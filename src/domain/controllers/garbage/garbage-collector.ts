import type { Logger } from '../../meta/logger.ts';
import { keyOf, metaOf, type ObjectKey } from '../../meta/object-key.ts';
import { isConflict, isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject } from '../../meta/types.ts';
import { checkPreconditions } from '../../registry/before-delete.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { runController, source } from '../controller.ts';
import { withoutFinalizer } from '../finalizers.ts';
import { followResources } from '../../registry/follow-resources.ts';
import { foregroundFinalizer, orphanFinalizer, planGarbage, type GarbageStep } from './garbage-plan.ts';
import { OwnerGraph, type Item } from './owner-graph.ts';
import { withOwnerReferences } from '../owner-references.ts';
import type { Requeue } from '../work-queue.ts';

export type GarbageCollectorOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Deletes objects whose owners are all gone, whatever kind they are, and carries out foreground and orphaning deletions (kubernetes
 * pkg/controller/garbagecollector). Looks at everything once at the start, for owners may have gone while nobody watched.
 */
export function startGarbageCollector({ registry, catalog, logger, signal }: GarbageCollectorOptions): Promise<void> {
  const graph = new OwnerGraph(registry, catalog);
  return runController({
    name: 'garbage-collector',
    registry,
    logger,
    sources: [],
    moreSources: (add) =>
      followResources(
        catalog,
        (definition) => add(source(definition, (event) => graph.concernedBy(definition, event))),
        signal,
      ),
    reconcile: (text) => reconcile(registry, graph, text),
    signal,
    concurrency: 4,
  });
}

async function reconcile(registry: Registry, graph: OwnerGraph, text: string): Promise<Requeue | void> {
  const object = graph.find(text);
  if (!object) return;
  const dependents = graph.dependentsOf(object);
  const step = planGarbage(
    object,
    (reference) => graph.stateOf(object, reference),
    dependents.flatMap((dependent) => graph.find(dependent) ?? []),
  );
  const { definition } = graph.parse(text)!;
  try {
    await perform(registry, {
      definition,
      object,
      step,
      dependents: dependents.flatMap((each) => graph.parse(each) ?? []),
    });
  } catch (error) {
    // Another object under its name, or somebody has taken it over meanwhile: what was decided is void.
    if (isConflict(error)) return { afterMs: 0 };
    if (!isNotFound(error)) throw error;
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
    case 'delete': {
      const { resourceVersion = '' } = metaOf(
        step.unblock ? await unblockOwners(registry, definition, object) : object,
      );
      const preconditions = { uid, resourceVersion };
      await registry.delete(definition, keyOf(object), { propagationPolicy: step.policy, preconditions });
    }
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
): Promise<KubernetesObject> =>
  registry.update(definition, keyOf(object), (current) => {
    checkPreconditions(definition, current, { resourceVersion: metaOf(object).resourceVersion ?? '' });
    return withOwnerReferences(
      current,
      (metaOf(current).ownerReferences ?? []).map((reference) => ({ ...reference, blockOwnerDeletion: false })),
    );
  });

const removeFinalizer = async (
  registry: Registry,
  definition: ResourceDefinition,
  object: KubernetesObject,
  finalizer: string,
): Promise<void> => {
  await registry.update(definition, keyOf(object), (current) => {
    if (metaOf(current).uid !== metaOf(object).uid) return current;
    return withoutFinalizer(current, finalizer);
  });
};
