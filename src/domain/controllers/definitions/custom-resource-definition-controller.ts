import type { Clock } from '../../meta/clock.ts';
import { sameJson } from '../../meta/deep-equal.ts';
import type { Logger } from '../../meta/logger.ts';
import { metaOf } from '../../meta/object-key.ts';
import { isNotFound } from '../../meta/status-error.ts';
import type { CustomResourceDefinition } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import { serveCustomResource, withdrawCustomResource } from '../../registry/serve-custom-resource.ts';
import {
  cleanupFinalizer,
  customResourceDefinitions,
  hasCondition,
} from '../../resources/custom-resource-definition.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { resourceName, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { hasFinalizer, withoutFinalizer } from '../finalizers.ts';
import { runController, source } from '../controller.ts';
import type { TakenNames } from './definition-names.ts';
import { definitionStatus, endingOf, withEnding } from './definition-status.ts';
import { deleteAll } from '../namespace/delete-all.ts';
import { followResources } from '../../registry/follow-resources.ts';

export type CustomResourceDefinitionControllerOptions = {
  registry: Registry;
  catalog: ResourceCatalog;
  clock: Clock;
  logger: Logger;
  signal: AbortSignal;
};

type Definition = CustomResourceDefinition;

/**
 * Gives definitions their names, serves what they define, and empties what is being deleted (kubernetes apiextensions-apiserver
 * pkg/controller: status, establish, finalizer). One definition at a time, for names are given to the first.
 */
export function startCustomResourceDefinitionController(
  options: CustomResourceDefinitionControllerOptions,
): Promise<void> {
  const { registry, catalog, logger, signal } = options;
  return runController({
    name: 'custom-resource-definition-controller',
    registry,
    logger,
    sources: [source(customResourceDefinitions, (event) => concernedBy(registry, event))],
    // A definition waits for the last of its objects to go.
    moreSources: (add) =>
      followResources(
        catalog,
        (definition) =>
          add(
            source(definition, ({ type }) =>
              type === 'DELETED' && isGoing(registry, definition) ? [resourceName(definition)] : [],
            ),
          ),
        signal,
      ),
    reconcile: (name) => reconcile(options, name),
    signal,
    concurrency: 1,
  });
}

const isGoing = (registry: Registry, definition: ResourceDefinition): boolean =>
  isDeleted(registry.find(customResourceDefinitions, { namespace: '', name: resourceName(definition) }));

const isDeleted = (definition: Definition | undefined): boolean =>
  definition !== undefined && metaOf(definition).deletionTimestamp !== undefined;

/** Names that one gives up may be what another waits for. */
function concernedBy(registry: Registry, { type, object, previous }: ChangeEvent<Definition>): string[] {
  const { name = '' } = metaOf(object);
  const releases = type === 'DELETED' || !sameJson(previous?.status?.acceptedNames, object.status?.acceptedNames);
  const waiting = releases ? others(registry, object).filter((other) => !hasCondition(other, 'NamesAccepted')) : [];
  return [name, ...waiting.map((other) => metaOf(other).name ?? '')];
}

const others = (registry: Registry, { metadata, spec }: Definition): Definition[] =>
  registry
    .all(customResourceDefinitions)
    .filter((other) => other.spec.group === spec.group && metaOf(other).name !== metadata?.name);

async function reconcile(options: CustomResourceDefinitionControllerOptions, name: string): Promise<void> {
  const { registry, catalog } = options;
  const definition = registry.find(customResourceDefinitions, { namespace: '', name });
  if (definition === undefined) return withdrawCustomResource(registry, catalog, name);
  if (isDeleted(definition)) return end(options, definition);
  const status = definitionStatus(definition, takenNames(options, definition), options.clock.now());
  const next = { ...definition, status };
  if (hasCondition(next, 'Established')) await serveCustomResource(registry, catalog, next);
  else withdrawCustomResource(registry, catalog, name);
  if (!sameJson(status, definition.status)) await writeStatus(registry, definition, status);
}

/** What is built in has its names already. */
function takenNames(
  { registry, catalog }: CustomResourceDefinitionControllerOptions,
  definition: Definition,
): TakenNames {
  const builtIn = catalog.builtIn.filter(({ group }) => group === definition.spec.group);
  const accepted = others(registry, definition).flatMap(({ status }) => status?.acceptedNames ?? []);
  const taken = [...builtIn, ...accepted];
  return {
    resources: new Set(
      taken.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
    ),
    kinds: new Set(taken.flatMap(({ kind, listKind = '' }) => [kind, listKind])),
  };
}

/** A write that began before the end did may still be on its way; it is visible once a later one is, so emptiness is looked at again after it. */
async function end(
  { registry, catalog, clock }: CustomResourceDefinitionControllerOptions,
  definition: Definition,
): Promise<void> {
  if (!hasFinalizer(definition, cleanupFinalizer)) return;
  const { status = {} } = definition;
  const ending = endingOf(definition);
  const resource = catalog.stored.find((one) => resourceName(one) === metaOf(definition).name);
  if (ending === 'pending')
    return writeStatus(registry, definition, withEnding(status, 'deletingObjects', clock.now()));
  if (resource !== undefined) await deleteAll(registry, resource);
  if (resource !== undefined && registry.all(resource).length > 0) return;
  if (ending === 'empty') return removeFinalizer(registry, definition);
  return writeStatus(registry, definition, withEnding(status, 'empty', clock.now()));
}

type Status = NonNullable<Definition['status']>;

const keyOf = (definition: Definition) => ({ namespace: '', name: metaOf(definition).name ?? '' });

/** Another change of the definition brings it here again. */
const writeStatus = (registry: Registry, definition: Definition, status: Status): Promise<void> =>
  whileItIsThere(() =>
    registry.update(
      customResourceDefinitions,
      keyOf(definition),
      (current) => (isSame(current, definition) ? { ...current, status } : current),
      { subresource: 'status' },
    ),
  );

const removeFinalizer = (registry: Registry, definition: Definition): Promise<void> =>
  whileItIsThere(() =>
    registry.update(customResourceDefinitions, keyOf(definition), (current) =>
      isSame(current, definition) ? withoutFinalizer(current, cleanupFinalizer) : current,
    ),
  );

const isSame = (a: Definition, b: Definition): boolean => metaOf(a).resourceVersion === metaOf(b).resourceVersion;

async function whileItIsThere(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
