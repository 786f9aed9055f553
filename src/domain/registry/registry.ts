import type { AdmissionChain, Lister } from '../admission/chain.ts';
import type { Clock } from '../meta/clock.ts';
import { formatKey, keyOf, type ObjectKey } from '../meta/object-key.ts';
import { notFound } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { groupResource, isStored, resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';
import { beforeCreate } from './before-create.ts';
import { createObject } from './create-object.ts';
import { deleteObject } from './delete-object.ts';
import { whileNameIsTaken } from './generated-name.ts';
import { withReadOwners } from './field-ownership.ts';
import { KeyLock } from '../meta/key-lock.ts';
import type { ObjectStore } from './object-store.ts';
import { changeShownAs, inStoredForm, shownAs, storedChange } from './stored-as.ts';
import { StoredObjects } from './stored-objects.ts';
import { updateObject } from './update-object.ts';
import type { Write, WriteParts } from './write.ts';
import type { DeleteOptions, DeleteResult, WriteOptions } from './write-options.ts';

export type RegistryOptions = {
  catalog: readonly ResourceDefinition[];
  store: ObjectStore;
  admission: AdmissionChain;
  clock: Clock;
  random: () => number;
  /** Changes kept per resource for watches that come late. */
  history: number;
};

/**
 * The one generic store of all resources (apiserver pkg/registry/generic/registry/store.go). Reads are from memory and never wait;
 * a write is answered when it would survive a power cut.
 */
export class Registry implements Lister {
  readonly #stored: StoredObjects;
  readonly #parts: WriteParts & { random: () => number };
  readonly #locks = new KeyLock();

  private constructor(stored: StoredObjects, { admission, clock, random }: RegistryOptions) {
    this.#stored = stored;
    this.#parts = { stored, lister: this, admission, clock, random };
  }

  /** Reads everything that is kept of these resources. Objects of kinds this version does not know stay on disk untouched. */
  static async open(options: RegistryOptions): Promise<Registry> {
    const stored = await StoredObjects.open(options.store, options.history);
    for (const definition of options.catalog.filter(isStored)) await stored.openTable(definition);
    return new Registry(stored, options);
  }

  /** Nothing was ever stored here: a first start, or one after the data was lost. */
  get isNew(): boolean {
    return this.#stored.isNew;
  }

  /** Makes a resource usable, with the objects that are kept of it; one that is usable already stays as it is. */
  openTable(definition: ResourceDefinition): Promise<void> {
    return this.#stored.openTable(definition);
  }

  /** Forgets a resource. What is kept of its objects stays on disk; whoever listens hears nothing more. */
  closeTable(definition: ResourceDefinition): void {
    this.#stored.closeTable(definition);
  }

  /** The version of what can be read now. */
  get resourceVersion(): number {
    return this.#stored.resourceVersion;
  }

  find<T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): T | undefined {
    return shownAs(definition, this.#stored.table(definition).find(key));
  }

  get<T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): T {
    const object = this.find(definition, key);
    if (!object) throw notFound(groupResource(definition), key.name);
    return object;
  }

  /** In the order of namespace, then name, as etcd's keys give it. */
  all<T extends KubernetesObject>(definition: ResourceDefinition<T>, namespace?: string): T[] {
    const objects = this.#stored.table(definition).all(namespace);
    return objects.map((object) => shownAs(definition, object)!);
  }

  count(definition: ResourceDefinition): number {
    return this.#stored.table(definition).size;
  }

  /**
   * What `all` answered at an earlier version: pages of one list agree although nothing is kept for them. Throws 410 when the history
   * does not reach back so far.
   */
  allAt<T extends KubernetesObject>(definition: ResourceDefinition<T>, version: number, namespace?: string): T[] {
    const objects = this.#stored.table(definition).allAt(version, namespace);
    return objects.map((object) => shownAs(definition, object)!);
  }

  /** The changes after the version that there are now; throws 410 when the history does not reach back so far. */
  changesAfter<T extends KubernetesObject>(definition: ResourceDefinition<T>, version: number): ChangeEvent<T>[] {
    const events = this.#stored.table(definition).changes.after(version);
    return events.map((event) => changeShownAs(definition, event));
  }

  /** Changes after the version, until the signal. */
  async *changes<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    since: number,
    signal: AbortSignal,
  ): AsyncGenerator<ChangeEvent<T>> {
    const { changes } = this.#stored.table(definition);
    for await (const event of changes.since(since, signal)) yield changeShownAs(definition, event);
  }

  /** Calls at every change, right after it is visible; answers how to stop. Listeners only note keys and return. */
  subscribe<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    listener: (event: ChangeEvent<T>) => void,
  ): () => void {
    return this.#stored.table(definition).subscribe((event) => listener(changeShownAs(definition, event)));
  }

  async create<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const { storedAs } = definition;
    if (storedAs) {
      const created = await this.create(storedAs.definition, inStoredForm(definition, storedAs, object), options);
      return storedAs.fromStored(created);
    }
    return whileNameIsTaken(object, () => {
      const named = beforeCreate(definition, object, this.#parts);
      return this.#exclusively({ definition, key: keyOf(named), options }, (write) =>
        createObject(this.#parts, write, named),
      );
    });
  }

  /** Puts back an object that was admitted once, as it was, with its uid; one that is there already stays. */
  async restore<T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): Promise<T> {
    return this.#exclusively({ definition, key: keyOf(object), options: {} }, async ({ key }) => {
      const complete = () => definition.default(withReadOwners(object));
      return this.find(definition, key) ?? this.#stored.commit(definition, 'ADDED', complete(), undefined);
    });
  }

  /**
   * Reads, lets `change` make the next state, and stores it; nothing is written when nothing changed. `change` sees the newest
   * state, so whoever has no resourceVersion to check cannot conflict.
   */
  async update<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    key: ObjectKey,
    change: (current: T) => T | Promise<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    const { storedAs } = definition;
    if (storedAs) {
      const changed = storedChange(definition, storedAs, change);
      return storedAs.fromStored(await this.update(storedAs.definition, key, changed, options));
    }
    return this.#exclusively({ definition, key, options }, async (write) => {
      const current = this.get(definition, key);
      return updateObject(this.#parts, write, current, await change(current));
    });
  }

  async delete<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<DeleteResult<T>> {
    const { storedAs } = definition;
    if (storedAs) {
      const { object, removed } = await this.delete(storedAs.definition, key, options);
      return { object: storedAs.fromStored(object), removed };
    }
    return this.#exclusively({ definition, key, options }, async (write) =>
      deleteObject(this.#parts, write, this.get(definition, key)),
    );
  }

  /** One write of an object at a time; its `whenSettled` hears of its end. */
  #exclusively<T extends KubernetesObject, O extends WriteOptions, R>(
    { definition, key, options }: Omit<Write<T, O>, 'whenSettled'>,
    carryOut: (write: Write<T, O>) => Promise<R>,
  ): Promise<R> {
    return this.#locks.run(lockName(definition, key), async () => {
      const callbacks: (() => void)[] = [];
      try {
        return await carryOut({ definition, key, options, whenSettled: (callback) => callbacks.push(callback) });
      } finally {
        for (const callback of callbacks) callback();
      }
    });
  }
}

const lockName = <T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): string =>
  definition.exclusive ? resourceName(definition) : `${resourceName(definition)}/${formatKey(key)}`;
