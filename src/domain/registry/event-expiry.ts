import { formatKey, keyOf, type ObjectKey } from '../meta/object-key.ts';
import { ignore, isNotFound } from '../meta/status-error.ts';
import type { Logger } from '../meta/logger.ts';
import { events } from '../resources/event.ts';
import type { Registry } from './registry.ts';

/** kube-apiserver --event-ttl. */
const lifetimeMs = 3_600_000;
/** Events that follow one another are removed together. */
const sweepMs = 60_000;

/**
 * Removes each event an hour after it was last written, as etcd's lease does (apiserver pkg/storage/etcd3/store.go). By the time that k2d has been
 * running: clocks of devices without a battery jump. Nothing is timed while there is no event.
 */
export function expireEvents(registry: Registry, logger: Logger, signal: AbortSignal): void {
  /** Oldest first. */
  const written = new Map<string, { key: ObjectKey; at: number }>();
  let timer: NodeJS.Timeout | undefined;

  const wait = (): void => {
    const oldest = written.values().next().value;
    if (timer !== undefined || oldest === undefined) return;
    const ms = Math.max(sweepMs, oldest.at + lifetimeMs - performance.now());
    timer = setTimeout(() => void sweep(), ms).unref();
  };

  const sweep = async (): Promise<void> => {
    timer = undefined;
    const before = performance.now() - lifetimeMs;
    for (const { key, at } of written.values()) {
      if (at > before || signal.aborted) break;
      written.delete(formatKey(key));
      await registry
        .delete(events, key)
        .catch(ignore(isNotFound))
        .catch((error: unknown) => logger.warn({ error }, 'cannot remove an event that is over'));
    }
    if (!signal.aborted) wait();
  };

  const stop = registry.subscribe(events, ({ type, object }) => {
    const key = keyOf(object);
    written.delete(formatKey(key));
    if (type !== 'DELETED') written.set(formatKey(key), { key, at: performance.now() });
    wait();
  });
  signal.addEventListener(
    'abort',
    () => {
      stop();
      clearTimeout(timer);
    },
    { once: true },
  );
}
