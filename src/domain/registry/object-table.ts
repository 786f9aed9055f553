import { formatKey, keyOf, type ObjectKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { WatchCache } from './watch-cache.ts';

/** The objects of one resource in memory, as they are stored, with their last changes and with who hears of the next. */
export class ObjectTable {
  readonly #objects: Map<string, KubernetesObject>;
  readonly #listeners = new Set<(event: ChangeEvent) => void>();
  readonly changes: WatchCache;

  /** `history`: changes kept for watches that come late. */
  constructor(objects: Map<string, KubernetesObject>, history: number, version: number) {
    this.#objects = objects;
    this.changes = new WatchCache(history, version);
  }

  get size(): number {
    return this.#objects.size;
  }

  /** A Map keeps the order of insertion. */
  get oldest(): KubernetesObject | undefined {
    return this.#objects.values().next().value;
  }

  find(key: ObjectKey): KubernetesObject | undefined {
    return this.#objects.get(formatKey(key));
  }

  /** In the order of namespace, then name, as etcd's keys give it. */
  all(namespace: string | undefined): KubernetesObject[] {
    return sorted([...this.#objects], namespace);
  }

  /** What `all` answered at an earlier version, by undoing the changes since; throws 410 when the history does not reach back so far. */
  allAt(version: number, namespace: string | undefined): KubernetesObject[] {
    const undone = this.changes
      .after(version)
      .toReversed()
      .map(({ object, previous }) => [formatKey(keyOf(object)), previous] as const);
    const then = new Map<string, KubernetesObject | undefined>([...this.#objects, ...undone]);
    return sorted([...then], namespace).flatMap((object) => object ?? []);
  }

  /** Calls at every change, right after it is visible; answers how to stop. */
  subscribe(listener: (event: ChangeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes the change visible, to whoever reads first and then to whoever listens. */
  apply(event: ChangeEvent): void {
    const key = formatKey(keyOf(event.object));
    if (event.type === 'DELETED') this.#objects.delete(key);
    else this.#objects.set(key, event.object);
    this.changes.append(event);
    for (const listener of this.#listeners) listener(event);
  }
}

function sorted<T>(entries: readonly [string, T][], namespace: string | undefined): T[] {
  const wanted = namespace === undefined ? entries : entries.filter(([key]) => key.startsWith(`${namespace}/`));
  return wanted.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}
