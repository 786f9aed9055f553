import type { Logger } from '../meta/logger.ts';
import type { KubernetesObject } from '../meta/types.ts';
import type { ChangeEvent } from '../meta/watch-event.ts';
import { inform } from '../registry/informer.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceDefinition } from '../resources/resource-definition.ts';
import { WorkQueue, type Requeue } from './work-queue.ts';

/** Which keys a change of some resource puts in the queue. Runs inside the write that it hears of, so it only computes. */
export type Source = {
  definition: ResourceDefinition;
  keys: (event: ChangeEvent) => readonly string[];
};

export const source = <T extends KubernetesObject>(
  definition: ResourceDefinition<T>,
  keys: (event: ChangeEvent<T>) => readonly string[],
): Source => ({ definition, keys: (event) => keys(event as ChangeEvent<T>) });

export type ControllerOptions = {
  name: string;
  registry: Registry;
  logger: Logger;
  sources: readonly Source[];
  /** For sources that come while the controller runs; called once. What `add` answers takes the source away. */
  moreSources?: (add: (source: Source) => () => void) => void;
  /**
   * Makes true what the key stands for, from what the registry says now: events are hints, so that running twice is running once
   * and a key whose object is gone is no failure. A thrown error is retried with back-off.
   */
  reconcile(key: string): Promise<Requeue | void>;
  signal: AbortSignal;
  /** How many keys at once. */
  concurrency: number;
};

/** Informers → work queue → reconcile, from everything that exists now until the signal; resolves when the last work has ended. */
export function runController(options: ControllerOptions): Promise<void> {
  const { name, registry, logger, signal } = options;
  const queue = new WorkQueue({
    work: (key) => options.reconcile(key),
    failed: (key, error, retryMs) =>
      logger.warn({ controller: name, key, err: error, retryMs }, 'reconciling failed and is tried again'),
    concurrency: options.concurrency,
    signal,
  });
  const add = (each: Source) =>
    inform(registry, each.definition, (event) => keysOf(options, each, event).forEach((key) => queue.add(key)), signal);
  options.sources.forEach(add);
  options.moreSources?.(add);
  return queue.ended;
}

/** A writer must not fail because of who listens. */
function keysOf({ name, logger }: ControllerOptions, { keys }: Source, event: ChangeEvent): readonly string[] {
  try {
    return keys(event);
  } catch (error) {
    const { namespace, name: object } = event.object.metadata ?? {};
    logger.error(
      { controller: name, kind: event.object.kind, namespace, object, err: error },
      'a change was not understood',
    );
    return [];
  }
}
