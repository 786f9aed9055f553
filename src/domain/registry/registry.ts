import type { AdmissionChain, AdmissionRequest, Lister } from '../admission/chain.ts';
import type { Clock } from '../meta/clock.ts';
import { sameJson } from '../meta/deep-equal.ts';
import { deepFreeze } from '../meta/deep-freeze.ts';
import { formatKey, keyOf, metaOf, type ObjectKey } from '../meta/object-key.ts';
import { alreadyExists, notFound, resourceNotFound, stillExists } from '../meta/status-error.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { systemUser, type UserInfo } from '../meta/user-info.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { groupResource, isStored, resourceName, type ResourceDefinition } from '../resources/resource-definition.ts';
import { beforeCreate } from './before-create.ts';
import {
  beforeDelete,
  checkPreconditions,
  goesAtOnce,
  isFinished,
  type Preconditions,
  type PropagationPolicy,
} from './before-delete.ts';
import { beforeUpdate, countGeneration } from './before-update.ts';
import { CommitSequence } from './commit-sequence.ts';
import {
  sameButTimes,
  withOwners,
  withReadableOwners,
  withReadOwners,
  type FieldManagement,
} from './field-ownership.ts';
import { intentOf, sameIntent } from './intent.ts';
import { KeyLock } from './key-lock.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta-validation.ts';
import type { ObjectStore } from './object-store.ts';
import { refuse } from './refuse.ts';
import { changeShownAs, createStored, shownAs, updateStored } from './stored-as.ts';
import { WatchCache } from './watch-cache.ts';

export type WriteOptions = FieldManagement & {
  user?: UserInfo;
  dryRun?: boolean;
  /** `status` changes only the status, anything else everything but the status. */
  subresource?: string;
  warn?: (text: string) => void;
};

export type DeleteOptions = WriteOptions & {
  gracePeriodSeconds?: number;
  propagationPolicy?: PropagationPolicy;
  preconditions?: Preconditions;
};

/** `removed`: it is gone; else it waits for its grace or its finalizers. */
export type DeleteResult<T> = { object: T; removed: boolean };

export type RegistryOptions = {
  catalog: readonly ResourceDefinition[];
  store: ObjectStore;
  admission: AdmissionChain;
  clock: Clock;
  random: () => number;
  /** Changes kept per resource for watches that come late. */
  history: number;
};

type Table = {
  objects: Map<string, KubernetesObject>;
  changes: WatchCache;
  listeners: Set<(event: ChangeEvent) => void>;
};

/**
 * The one generic store of all resources (apiserver pkg/registry/generic/registry/store.go). Reads are from memory and never wait;
 * a write is answered when it would survive a power cut.
 */
export class Registry implements Lister {
  /** Nothing was ever stored here: a first start, or one after the data was lost. */
  readonly isNew: boolean;
  readonly #options: RegistryOptions;
  readonly #tables = new Map<string, Table>();
  readonly #locks = new KeyLock();
  readonly #sequence: CommitSequence;

  private constructor(options: RegistryOptions, bound: number) {
    this.#options = options;
    this.isNew = bound === 0;
    this.#sequence = new CommitSequence(bound, (next) => options.store.raiseResourceVersionBound(next));
  }

  /** Reads everything that is kept of these resources. Objects of kinds this version does not know stay on disk untouched. */
  static async open(options: RegistryOptions): Promise<Registry> {
    const registry = new Registry(options, await options.store.resourceVersionBound());
    for (const definition of options.catalog.filter(isStored)) await registry.openTable(definition);
    return registry;
  }

  /** Makes a resource usable, with the objects that are kept of it; one that is usable already stays as it is. */
  async openTable(definition: ResourceDefinition): Promise<void> {
    const name = resourceName(definition);
    if (this.#tables.has(name)) return;
    const objects = new Map<string, KubernetesObject>();
    for await (const object of this.#options.store.load(name)) {
      objects.set(formatKey(keyOf(object)), deepFreeze(definition.load(withReadOwners(object))));
    }
    if (this.#tables.has(name)) return;
    const changes = new WatchCache(this.#options.history, this.resourceVersion);
    this.#tables.set(name, { objects, changes, listeners: new Set() });
  }

  /** Forgets a resource. What is kept of its objects stays on disk; whoever listens hears nothing more. */
  closeTable(definition: ResourceDefinition): void {
    this.#tables.delete(resourceName(definition));
  }

  /** The version of what can be read now. */
  get resourceVersion(): number {
    return this.#sequence.published;
  }

  find<T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): T | undefined {
    return shownAs(definition, this.#table(definition).objects.get(formatKey(key)));
  }

  get<T extends KubernetesObject>(definition: ResourceDefinition<T>, key: ObjectKey): T {
    const object = this.find(definition, key);
    if (!object) throw notFound(groupResource(definition), key.name);
    return object;
  }

  /** In the order of namespace, then name, as etcd's keys give it. */
  all<T extends KubernetesObject>(definition: ResourceDefinition<T>, namespace?: string): T[] {
    return sorted([...this.#table(definition).objects], namespace).map((object) => shownAs(definition, object)!);
  }

  count(definition: ResourceDefinition): number {
    return this.#table(definition).objects.size;
  }

  /**
   * What `all` answered at an earlier version, by undoing the changes since: pages of one list agree although nothing is kept for them.
   * Throws 410 when the history does not reach back so far.
   */
  allAt<T extends KubernetesObject>(definition: ResourceDefinition<T>, version: number, namespace?: string): T[] {
    const { changes, objects } = this.#table(definition);
    const undone = changes
      .after(version)
      .toReversed()
      .map(({ object, previous }) => [formatKey(keyOf(object)), previous] as const);
    const then = new Map<string, KubernetesObject | undefined>([...objects, ...undone]);
    return sorted([...then], namespace).flatMap((object) => shownAs(definition, object) ?? []);
  }

  /** The changes after the version that there are now; throws 410 when the history does not reach back so far. */
  changesAfter<T extends KubernetesObject>(definition: ResourceDefinition<T>, version: number): ChangeEvent<T>[] {
    return this.#table(definition)
      .changes.after(version)
      .map((event) => changeShownAs(definition, event));
  }

  /** Changes after the version, until the signal. */
  async *changes<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    since: number,
    signal: AbortSignal,
  ): AsyncGenerator<ChangeEvent<T>> {
    for await (const event of this.#table(definition).changes.since(since, signal))
      yield changeShownAs(definition, event);
  }

  /** Calls at every change, right after it is visible; answers how to stop. Listeners only note keys and return. */
  subscribe<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    listener: (event: ChangeEvent<T>) => void,
  ): () => void {
    const { listeners } = this.#table(definition);
    const own = (event: ChangeEvent) => listener(changeShownAs(definition, event));
    listeners.add(own);
    return () => listeners.delete(own);
  }

  async create<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    if (definition.storedAs) return createStored(this, definition, definition.storedAs, object, options);
    const named = beforeCreate(definition, object, this.#options);
    const key = keyOf(named);
    return this.#exclusively(definition, key, async (whenSettled) => {
      const request = this.#request('CREATE', definition, key, options, whenSettled);
      const owned = withOwners(definition, undefined, definition.default(named), options, this.#options.clock);
      const answer = await this.#options.admission.mutate({ ...request, object: owned }, this);
      const mutated = withReadableOwners(answer, owned);
      const prepared = definition.prepareForCreate(definition.default(mutated as T));
      refuse(definition, prepared, [...validateObjectMeta(definition, prepared), ...definition.validate(prepared)]);
      await this.#options.admission.validate({ ...request, object: prepared }, this);
      definition.warnings(prepared).forEach((text) => options.warn?.(text));
      refuseTaken(definition, this.find(definition, key));
      if (options.dryRun) return prepared;
      const created = await this.#commit(definition, 'ADDED', prepared, undefined);
      await this.#evict(definition);
      return created;
    });
  }

  /** Puts back an object that was admitted once, as it was, with its uid; one that is there already stays. */
  async restore<T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): Promise<T> {
    const key = keyOf(object);
    return this.#exclusively(definition, key, async () => {
      const present = this.find(definition, key);
      return present ?? this.#commit(definition, 'ADDED', definition.default(withReadOwners(object)), undefined);
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
    if (definition.storedAs) return updateStored(this, definition, definition.storedAs, key, change, options);
    return this.#exclusively(definition, key, async (whenSettled) => {
      const current = this.get(definition, key);
      const changed = beforeUpdate(definition, await change(current), current, options);
      if (this.#isKeptAs(definition, changed)) return current;
      const owned = withOwners(definition, current, definition.default(changed), options, this.#options.clock);
      if (this.#isKeptAs(definition, owned)) return current;
      const request = { ...this.#request('UPDATE', definition, key, options, whenSettled), oldObject: current };
      const answer = await this.#options.admission.mutate({ ...request, object: owned }, this);
      const mutated = withReadableOwners(answer, owned);
      const completed = mutated === owned ? owned : definition.default(mutated as T);
      // Once more, for webhooks must not change either what clients must not; who owns what stays as it was computed.
      const admitted = beforeUpdate(definition, completed, current, { ...options, isApplied: true });
      const prepared =
        options.subresource === 'status'
          ? admitted
          : definition.prepareForUpdate(admitted, current, options.subresource);
      const next = countGeneration(definition, prepared, current);
      if (this.#isKeptAs(definition, next)) return current;
      refuse(definition, next, [
        ...validateObjectMetaUpdate(definition, next, current),
        ...(options.subresource === 'status'
          ? definition.validateStatus(next, current)
          : [...definition.validate(next, current), ...definition.validateUpdate(next, current, options.subresource)]),
      ]);
      await this.#options.admission.validate({ ...request, object: next }, this);
      if (options.subresource === undefined) definition.warnings(next).forEach((text) => options.warn?.(text));
      if (options.dryRun) return next;
      if (isFinished(definition, next)) return this.#commit(definition, 'DELETED', next, current);
      return this.#commit(definition, 'MODIFIED', next, current);
    });
  }

  async delete<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<DeleteResult<T>> {
    if (definition.storedAs) {
      const { object, removed } = await this.delete(definition.storedAs.definition, key, options);
      return { object: definition.storedAs.fromStored(object), removed };
    }
    return this.#exclusively(definition, key, async (whenSettled) => {
      const current = this.get(definition, key);
      checkPreconditions(definition, current, options.preconditions);
      await this.#options.admission.validate(
        { ...this.#request('DELETE', definition, key, options, whenSettled), oldObject: current },
        this,
      );
      const grace = definition.deletionGrace(current, options.gracePeriodSeconds);
      const marked = beforeDelete(definition, current, grace, options.propagationPolicy, this.#options.clock.now());
      const next = definition.default(definition.prepareForDelete(marked, current));
      const removed = goesAtOnce(definition, next);
      if (options.dryRun) return { object: next, removed };
      if (removed) return { object: await this.#commit(definition, 'DELETED', next, current), removed };
      if (sameJson(next, current)) return { object: current, removed };
      return { object: await this.#commit(definition, 'MODIFIED', next, current), removed };
    });
  }

  /** One write of an object at a time; `whenSettled` hears of its end. */
  #exclusively<R>(
    definition: ResourceDefinition,
    key: ObjectKey,
    write: (whenSettled: AdmissionRequest['whenSettled']) => Promise<R>,
  ): Promise<R> {
    return this.#locks.run(lockName(definition, key), async () => {
      const callbacks: (() => void)[] = [];
      try {
        return await write((callback) => callbacks.push(callback));
      } finally {
        for (const callback of callbacks) callback();
      }
    });
  }

  #request(
    operation: AdmissionRequest['operation'],
    definition: ResourceDefinition,
    key: ObjectKey,
    options: WriteOptions,
    whenSettled: AdmissionRequest['whenSettled'],
  ): AdmissionRequest {
    return {
      operation,
      definition,
      key,
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
      user: options.user ?? systemUser,
      dryRun: options.dryRun ?? false,
      warn: options.warn ?? (() => undefined),
      whenSettled,
    };
  }

  async #commit<T extends KubernetesObject>(
    definition: ResourceDefinition<T>,
    type: ChangeEvent['type'],
    object: T,
    previous: T | undefined,
  ): Promise<T> {
    const table = this.#table(definition);
    const key = keyOf(object);
    const before = table.objects.get(formatKey(key));
    const next = definition.toStored(object);
    const stamp = (version: number): KubernetesObject =>
      deepFreeze({ ...next, metadata: { ...metaOf(next), resourceVersion: String(version) } });
    return this.#sequence.commit(
      async (version) => {
        if (type === 'MODIFIED' && sameIntent(definition, next, before)) return;
        const resource = resourceName(definition);
        const isKept = type !== 'DELETED' && definition.isKept(object);
        const wasKept = previous !== undefined && definition.isKept(previous);
        if (isKept) await this.#options.store.put(resource, key, intentOf(definition, stamp(version)));
        else if (wasKept) await this.#options.store.remove(resource, key);
      },
      (version) => {
        const stamped = stamp(version);
        if (type === 'DELETED') table.objects.delete(formatKey(key));
        else table.objects.set(formatKey(key), stamped);
        const event = { type, resourceVersion: version, object: stamped, ...(before ? { previous: before } : {}) };
        table.changes.append(event);
        for (const listener of table.listeners) listener(event);
        return definition.fromStored(stamped);
      },
    );
  }

  /** Oldest first: a Map keeps the order of insertion. */
  async #evict<T extends KubernetesObject>(definition: ResourceDefinition<T>): Promise<void> {
    const { objects } = this.#table(definition);
    while (definition.maxObjects !== undefined && objects.size > definition.maxObjects) {
      const oldest = objects.values().next().value as T;
      await this.#commit(definition, 'DELETED', oldest, oldest);
    }
  }

  /** Writing it would change nothing, not even the version that it is kept in. */
  #isKeptAs<T extends KubernetesObject>(definition: ResourceDefinition<T>, object: T): boolean {
    const kept = this.#table(definition).objects.get(formatKey(keyOf(object)));
    return kept !== undefined && sameButTimes(definition.toStored(object), kept);
  }

  /** Throws 404 for a resource that is not served, or no longer. */
  #table(definition: ResourceDefinition): Table {
    const table = this.#tables.get(resourceName(definition.storedAs?.definition ?? definition));
    if (!table) throw resourceNotFound();
    return table;
  }
}

/** The last word, as in Kubernetes: what is wrong with a new object is told before that its name is taken. Throws 409. */
function refuseTaken(definition: ResourceDefinition, present: KubernetesObject | undefined): void {
  if (!present) return;
  const { name = '', deletionTimestamp } = metaOf(present);
  throw (deletionTimestamp === undefined ? alreadyExists : stillExists)(groupResource(definition), name);
}

function sorted<T>(entries: readonly [string, T][], namespace: string | undefined): T[] {
  const wanted = namespace === undefined ? entries : entries.filter(([key]) => key.startsWith(`${namespace}/`));
  return wanted.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

const lockName = (definition: ResourceDefinition, key: ObjectKey): string =>
  definition.exclusive ? resourceName(definition) : `${resourceName(definition)}/${formatKey(key)}`;
