import { deepFreeze } from '../meta/deep-freeze.ts';
import { formatKey, keyOf, metaOf } from '../meta/object-key.ts';
import { resourceNotFound } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';
import { CommitSequence } from './commit-sequence.ts';
import { sameButTimes, withReadOwners } from './field-ownership.ts';
import { intentOf, sameIntent } from './intent.ts';
import type { ObjectStore } from './object-store.ts';
import { ObjectTable } from './object-table.ts';

/** What is stored of all resources: a table of each in memory, and on disk what is kept of it. */
export class StoredObjects {
  /** Nothing was ever stored here: a first start, or one after the data was lost. */
  readonly isNew: boolean;
  readonly #store: ObjectStore;
  readonly #history: number;
  readonly #sequence: CommitSequence;
  readonly #tables = new Map<string, ObjectTable>();

  private constructor(store: ObjectStore, history: number, bound: number) {
    this.#store = store;
    this.#history = history;
    this.isNew = bound === 0;
    this.#sequence = new CommitSequence(bound, (next) => store.raiseResourceVersionBound(next));
  }

  /** `history`: changes kept per resource for watches that come late. */
  static async open(store: ObjectStore, history: number): Promise<StoredObjects> {
    return new StoredObjects(store, history, await store.resourceVersionBound());
  }

  /** The version of what can be read now. */
  get resourceVersion(): number {
    return this.#sequence.published;
  }

  /** Reads what is kept of a resource; one that was read already stays as it is. */
  async openTable(definition: ResourceDefinition): Promise<void> {
    const name = resourceName(definition);
    if (this.#tables.has(name)) return;
    const objects = new Map<string, KubernetesObject>();
    for await (const object of this.#store.load(name)) {
      objects.set(formatKey(keyOf(object)), deepFreeze(definition.load(withReadOwners(object))));
    }
    if (this.#tables.has(name)) return;
    this.#tables.set(name, new ObjectTable(objects, this.#history, this.resourceVersion));
  }

  closeTable(definition: ResourceDefinition): void {
    this.#tables.delete(resourceName(definition));
  }

  /** Throws 404 for a resource that is not served, or no longer. */
  table(definition: ResourceDefinition): ObjectTable {
    const table = this.#tables.get(resourceName(definition.storedAs?.definition ?? definition));
    if (!table) throw resourceNotFound();
    return table;
  }

  /** Writing it would change nothing, not even the version that it is kept in. */
  isKeptAs<T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): boolean {
    const kept = this.table(definition).find(keyOf(object));
    return kept !== undefined && sameButTimes(definition.toStored(object), kept);
  }

  /** Gives the change its version, has it survive a power cut where it is intent, and then makes it visible. */
  async commit<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    type: ChangeEvent['type'],
    object: T,
    previous: T | undefined,
  ): Promise<T> {
    const table = this.table(definition);
    const key = keyOf(object);
    const before = table.find(key);
    const next = definition.toStored(object);
    const stamp = (version: number): KubernetesObject =>
      deepFreeze({ ...next, metadata: { ...metaOf(next), resourceVersion: String(version) } });
    return this.#sequence.commit(
      async (version) => {
        if (type === 'MODIFIED' && sameIntent(definition, next, before)) return;
        const resource = resourceName(definition);
        const isKept = type !== 'DELETED' && definition.isKept(object);
        const wasKept = previous !== undefined && definition.isKept(previous);
        if (isKept) await this.#store.put(resource, key, intentOf(definition, stamp(version)));
        else if (wasKept) await this.#store.remove(resource, key);
      },
      (version) => {
        const stamped = stamp(version);
        table.apply({ type, resourceVersion: version, object: stamped, ...(before ? { previous: before } : {}) });
        return definition.fromStored(stamped);
      },
    );
  }
}
