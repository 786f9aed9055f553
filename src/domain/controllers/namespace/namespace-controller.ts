import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { KubernetesObject, Namespace } from '../../meta/types.ts';
import type { Registry } from '../../registry/registry.ts';
import { namespaces } from '../../resources/namespace.ts';
import { pods } from '../../resources/pod.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import type { ResourceDefinition } from '../../resources/resource-definition.ts';
import { runController, source } from '../controller.ts';
import { deleteAll } from './delete-all.ts';
import { followResources } from '../../registry/follow-resources.ts';
import { terminatingConditions, type Remainder } from './namespace-conditions.ts';

export type NamespaceControllerOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

/**
 * Empties namespaces that are being deleted and lets them go when nothing is left (kubernetes pkg/controller/namespace). Pods go
 * first and everything else only after them, so that they can use their configuration until they have stopped.
 */
export function startNamespaceController(options: NamespaceControllerOptions): Promise<void> {
  const { registry, catalog, logger, signal } = options;
  const content = () => catalog.stored.filter(({ scope }) => scope === 'Namespaced');
  const terminating = (name: string): Namespace | undefined => {
    const namespace = registry.find(namespaces, { namespace: '', name });
    return namespace && metaOf(namespace).deletionTimestamp !== undefined ? namespace : undefined;
  };
  const ofTerminating = ({ object }: { object: KubernetesObject }): string[] => {
    const { namespace = '' } = metaOf(object);
    return terminating(namespace) ? [namespace] : [];
  };
  return runController({
    name: 'namespace-controller',
    registry,
    logger,
    sources: [source(namespaces, ({ object }) => [metaOf(object).name ?? ''])],
    moreSources: (add) =>
      followResources(
        catalog,
        (definition) => definition.scope === 'Namespaced' && add(source(definition, ofTerminating)),
        signal,
      ),
    reconcile: async (name) => {
      if (!terminating(name)) return;
      await empty(registry, content(), name);
      const remaining = remainderOf(registry, content(), name);
      if (remaining.length === 0) await finalize(registry, name);
      else await explain(options, name, remaining);
    },
    signal,
    concurrency: 2,
  });
}

async function empty(registry: Registry, content: readonly ResourceDefinition[], namespace: string): Promise<void> {
  await deleteAll(registry, pods, namespace);
  if (registry.all(pods, namespace).length > 0) return;
  for (const definition of content) await deleteAll(registry, definition, namespace);
}

const remainderOf = (registry: Registry, content: readonly ResourceDefinition[], namespace: string): Remainder[] =>
  content
    .map((definition) => ({ definition, objects: registry.all(definition, namespace) }))
    .filter(({ objects }) => objects.length > 0);

/** Whoever waits for the namespace to go sees in its status what it waits for. */
async function explain(
  { registry, clock }: NamespaceControllerOptions,
  name: string,
  remaining: readonly Remainder[],
): Promise<void> {
  const change = (namespace: Namespace): Namespace => {
    if (metaOf(namespace).deletionTimestamp === undefined) return namespace;
    const before = namespace.status?.conditions ?? [];
    const conditions = terminatingConditions(remaining, before, clock.now());
    return sameJson(conditions, before) ? namespace : { ...namespace, status: { ...namespace.status, conditions } };
  };
  try {
    await registry.update(namespaces, { namespace: '', name }, change, { subresource: 'status' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The namespace goes with its own last finalizer; those that others have set hold it until they are done. */
async function finalize(registry: Registry, name: string): Promise<void> {
  try {
    await registry.update(namespaces, { namespace: '', name }, withoutFinalizer, { subresource: 'finalize' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

const withoutFinalizer = (namespace: Namespace): Namespace => ({
  ...namespace,
  spec: {
    ...namespace.spec,
    finalizers: (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes'),
  },
});
