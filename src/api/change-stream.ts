import type { KubernetesObject } from '../domain/meta/types.ts';
import type { ChangeEvent } from '../domain/meta/watch-event.ts';
import type { Registry } from '../domain/registry/registry.ts';
import type { ResourceDefinition } from '../domain/resources/resource-definition.ts';

/** Tells a watcher that nothing up to this version is missing. */
export type Bookmark = { type: 'BOOKMARK'; resourceVersion: number };

type Options = {
  /** Changes after this version. */
  since: number;
  /** Milliseconds between bookmarks; undefined sends none. */
  bookmarkInterval: number | undefined;
  /** Milliseconds until the stream ends by itself. */
  duration: number;
};

/**
 * The changes of a resource as they come, until the duration is over or the signal. The reader is a place in the one list of recent
 * changes, so a slow one costs no memory; when the list has moved on without it, this throws 410. Nothing runs while nothing happens but
 * the timers of whoever asked for bookmarks.
 */
export async function* changeStream<T extends KubernetesObject>(
  registry: Registry,
  definition: ResourceDefinition<T>,
  { since, bookmarkInterval, duration }: Options,
  closed: AbortSignal,
): AsyncGenerator<ChangeEvent<T> | Bookmark> {
  let seen = since;
  let bookmarkIsDue = false;
  let isOver = false;
  let wake = () => {};
  const onEnd = () => {
    isOver = true;
    bookmarkIsDue = bookmarkInterval !== undefined && !closed.aborted;
    wake();
  };
  const onTick = () => {
    bookmarkIsDue = true;
    wake();
  };
  const unsubscribe = registry.subscribe(definition, () => wake());
  const ticking = bookmarkInterval === undefined ? undefined : setInterval(onTick, bookmarkInterval).unref();
  const deadline = setTimeout(onEnd, duration).unref();
  closed.addEventListener('abort', onEnd);
  try {
    while (!closed.aborted) {
      const changes = registry.changesAfter(definition, seen);
      for (const change of changes) {
        seen = change.resourceVersion;
        yield change;
      }
      if (changes.length > 0) continue;
      if (bookmarkIsDue) {
        bookmarkIsDue = false;
        seen = registry.resourceVersion;
        yield { type: 'BOOKMARK', resourceVersion: seen };
        continue;
      }
      if (isOver) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unsubscribe();
    clearInterval(ticking);
    clearTimeout(deadline);
    closed.removeEventListener('abort', onEnd);
  }
}
