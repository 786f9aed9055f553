import { parseFieldSelector, type FieldRequirement } from '../meta/field-selector.ts';
import { matches as labelsMatch, parseSelector } from '../meta/label-selector.ts';
import { metaOf } from '../meta/object-key.ts';
import { badRequest } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import type { ResourceDefinition, SelectableField } from '../resources/resource-definition.ts';
import type { Registry } from './registry.ts';

/** Which objects of a resource a client means. */
export type Selection<T extends KubernetesObject = KubernetesObject> = {
  /** Undefined: those of every namespace. */
  namespace: string | undefined;
  /** Only an object of this name can match. */
  name: string | undefined;
  /** Labels or fields leave some out. */
  isPartial: boolean;
  /** Whether an object of the namespace matches labels and fields. */
  matches: (object: T) => boolean;
};

export type SelectionQuery = { namespace: string | undefined; labelSelector: string; fieldSelector: string };

/** Throws 400 for text that does not parse and for fields that the kind does not offer. */
export function parseSelection<T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  { namespace, labelSelector, fieldSelector }: SelectionQuery,
): Selection<T> {
  const labels = parseSelector(labelSelector);
  const fields = parseFieldSelector(fieldSelector).map((requirement) => ({
    ...requirement,
    valueOf: valueReader(definition, requirement),
  }));
  return {
    namespace,
    name: fields.find(({ path, equal }) => path === 'metadata.name' && equal)?.value,
    isPartial: labels.length > 0 || fields.length > 0,
    matches: (object) =>
      labelsMatch(labels, metaOf(object).labels) &&
      fields.every(({ equal, value, valueOf }) => (valueOf(object) === value) === equal),
  };
}

const metadataFields: readonly SelectableField<KubernetesObject>[] = [
  { path: 'metadata.name', value: (object) => metaOf(object).name ?? '' },
  { path: 'metadata.namespace', value: (object) => metaOf(object).namespace ?? '' },
];

function valueReader<T extends KubernetesObject>(definition: ResourceDefinition<T>, { path }: FieldRequirement) {
  const field = [...metadataFields, ...definition.fields].find((known) => known.path === path);
  if (field !== undefined) return (object: T) => field.value(object);
  throw badRequest(
    definition.fields.length > 0
      ? `field label not supported: ${path}`
      : `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** What is selected now, in the order of namespace, then name. */
export function selectAll<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  selection: Selection<T>,
): T[] {
  return candidates(registry, definition, selection).filter(selection.matches);
}

/** Most watches and many lists are of one object; they need not walk them all. */
function candidates<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  { namespace, name }: Selection<T>,
): T[] {
  if (name === undefined || (namespace === undefined && definition.scope === 'Namespaced')) {
    return registry.all(definition, namespace);
  }
  return [registry.find(definition, { namespace: namespace ?? '', name })].flatMap((object) => object ?? []);
}

/**
 * The change as someone sees it who knows only what is selected: what starts to match appears, what ceases to match disappears with
 * its last matching state (apiserver pkg/storage/cacher/cache_watcher.go convertToWatchEvent).
 */
export function changeWithin<T extends KubernetesObject>(
  selection: Selection<T>,
  change: ChangeEvent<T>,
): ChangeEvent<T> | undefined {
  const isSelected = (object: T | undefined): object is T =>
    object !== undefined &&
    (selection.namespace === undefined || metaOf(object).namespace === selection.namespace) &&
    selection.matches(object);
  const { type, object, previous, resourceVersion } = change;
  const before = type !== 'ADDED' && isSelected(previous);
  const after = type !== 'DELETED' && isSelected(object);
  if (after) return { ...change, type: before ? 'MODIFIED' : 'ADDED' };
  if (!before) return undefined;
  const last = { ...previous, metadata: { ...metaOf(previous), resourceVersion: String(resourceVersion) } };
  return { ...change, type: 'DELETED', object: type === 'DELETED' ? object : last };
}
