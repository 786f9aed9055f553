import { sameJson } from '../../meta/deep-equal.ts';
import { formatKey, keyOf, metaOf, parseKey, type ObjectKey } from '../../meta/object-key.ts';
import type { KubernetesObject, OwnerReference } from '../../meta/types.ts';
import type { ChangeEvent } from '../../meta/watch-event.ts';
import type { Registry } from '../../registry/registry.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { resourceName, type ResourceDefinition } from '../../resources/resource-definition.ts';
import { isBeingDeleted, isWaitingForDependents, type OwnerState } from './garbage-plan.ts';
import { OwnerIndex } from './owner-index.ts';
import { groupOf } from '../owner-references.ts';

/** One object of any kind. */
export type Item = { definition: ResourceDefinition; key: ObjectKey };

/** Who owns whom among all objects (kubernetes pkg/controller/garbagecollector/graph_builder.go); objects are named by a text each. */
export class OwnerGraph {
  readonly #registry: Registry;
  readonly #catalog: ResourceCatalog;
  readonly #index = new OwnerIndex();

  constructor(registry: Registry, catalog: ResourceCatalog) {
    this.#registry = registry;
    this.#catalog = catalog;
  }

  /** Undefined when its resource is not served any more. */
  parse(text: string): Item | undefined {
    const [name, key = ''] = text.split(' ');
    const definition = this.#catalog.stored.find((each) => resourceName(each) === name);
    return definition && { definition, key: parseKey(key) };
  }

  find(text: string): KubernetesObject | undefined {
    const item = this.parse(text);
    return item && this.#registry.find(item.definition, item.key);
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
    const definition = this.#catalog.stored.find((each) => each.kind === kind && each.group === groupOf(apiVersion));
    const { namespace = '' } = metaOf(dependent);
    if (!definition || (definition.scope === 'Namespaced' && namespace === '')) return undefined;
    return { definition, key: { namespace: definition.scope === 'Namespaced' ? namespace : '', name } };
  }

  #format(definition: ResourceDefinition, key: ObjectKey): string {
    return `${resourceName(definition)} ${formatKey(key)}`;
  }
}

const ties = (object: KubernetesObject): unknown => {
  const { ownerReferences = [], finalizers = [], deletionTimestamp } = metaOf(object);
  return { ownerReferences, finalizers, isDeleted: deletionTimestamp !== undefined };
};
