import { admissionChain, type AdmissionPlugin } from '../admission/chain.ts';
import { systemClock, type Clock } from '../meta/clock.ts';
import type { Logger } from '../meta/logger.ts';
import { formatKey } from '../meta/object-key.ts';
import type { KubernetesObject } from '../meta/types.ts';
import { catalog } from '../resources/catalog.ts';
import type { ObjectStore } from './object-store.ts';
import { Registry } from './registry.ts';

/** Stands in tests for what decides about writes, or makes them fail. */
export type TestPlugin = AdmissionPlugin;

/** What tests of everything above the disk use instead of files: nothing outlives the process. */
export function memoryObjectStore(): ObjectStore {
  const kept = new Map<string, { resource: string; object: KubernetesObject }>();
  let bound = 0;
  return {
    async *load(wanted) {
      for (const { resource, object } of kept.values()) if (resource === wanted) yield object;
    },
    put: async (resource, key, object) => void kept.set(`${resource}/${formatKey(key)}`, { resource, object }),
    remove: async (resource, key) => void kept.delete(`${resource}/${formatKey(key)}`),
    resourceVersionBound: async () => bound,
    raiseResourceVersionBound: async (next) => void (bound = next),
  };
}

/** A real registry over the real catalog, for tests. */
export const openTestRegistry = (
  options: { clock?: Clock; plugins?: readonly TestPlugin[]; store?: ObjectStore; random?: () => number } = {},
): Promise<Registry> =>
  Registry.open({
    catalog,
    store: options.store ?? memoryObjectStore(),
    admission: admissionChain(options.plugins ?? []),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    history: 1000,
  });

export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
